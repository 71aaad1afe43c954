import type { FromWorker, ToWorker } from './capture-messages.ts';

/** Limit for the start of a worker, ms. */
const READY_MS = 10_000;

/**
 * Where a page requires Trusted Types, only a policy's URLs start a worker. Such a page allows this one by name:
 * `trusted-types invigil`. https://w3c.github.io/trusted-types/dist/spec/
 */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
const POLICY = 'invigil';
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** @returns the URL itself where the page does not allow the policy: a default one of its own may let it pass */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  try {
    policy ??= trustedTypes.createPolicy(POLICY, { createScriptURL: (each) => each });
    return policy.createScriptURL(url);
  } catch {
    return url;
  }
}

/** Loads the script of another origin; the worker is under the page's policy, too. */
const importing = (url: string) =>
  `let url = ${JSON.stringify(url)};
for (const name of self.trustedTypes ? ['${POLICY}', 'default'] : []) try {
  url = trustedTypes.createPolicy(name, { createScriptURL: (each) => each }).createScriptURL(url);
  break;
} catch {}
importScripts(url);`;

/** The running capture worker. */
export interface WorkerHost {
  readonly encodes: boolean;
  readonly takesTracks: boolean;
  post(message: ToWorker, transfer?: Transferable[]): void;
  listen(listener: (message: FromWorker) => void): void;
  stop(): void;
}

/**
 * Starts the capture worker. The script of a worker must have the origin of the page; one of another origin is loaded by
 * a script in a `blob:` URL, which the content security policy has to allow (`worker-src blob:`).
 * @returns undefined if that is not allowed or not possible; the main thread encodes then
 */
export async function startWorker(url: string): Promise<WorkerHost | undefined> {
  if (typeof Worker === 'undefined') return undefined;
  if (new URL(url).origin === location.origin) return run(url);
  const blob = URL.createObjectURL(new Blob([importing(url)], { type: 'text/javascript' }));
  try {
    return await run(blob);
  } finally {
    URL.revokeObjectURL(blob);
  }
}

async function run(url: string): Promise<WorkerHost | undefined> {
  let worker: Worker;
  try {
    worker = new Worker(trusted(url));
  } catch {
    return undefined;
  }
  const ready = await new Promise<Extract<FromWorker, { type: 'ready' }> | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READY_MS);
    worker.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      resolve(undefined);
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type !== 'ready') return;
      clearTimeout(timer);
      resolve(data);
    };
  });
  if (!ready) {
    worker.terminate();
    return undefined;
  }
  return {
    encodes: ready.encodes,
    takesTracks: ready.takesTracks,
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => listener(data);
    },
    stop: () => worker.terminate(),
  };
}
