import type { FromWorker, ToWorker } from './capture-messages.ts';

/** Limit for the start of a worker, ms. */
const READY_MS = 10_000;

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
  const blob = URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(url)})`], { type: 'text/javascript' }));
  try {
    return await run(blob);
  } finally {
    URL.revokeObjectURL(blob);
  }
}

async function run(url: string): Promise<WorkerHost | undefined> {
  let worker: Worker;
  try {
    worker = new Worker(url);
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
