import type { FromHost, ToHost } from './jobs.ts';
import { checkModels } from './load.ts';
import { type Answer, Threads } from './threads.ts';

/**
 * Entry of the inference host: a child process, forked with `serialization: 'advanced'`, that takes `ToHost` and answers with
 * `FromHost`. It ends (SIGKILL) with its IPC channel and when a thread dies: the main process starts another one.
 */

type Start = Extract<ToHost, { type: 'start' }>;

type State =
  | { readonly is: 'new' | 'starting' }
  | { readonly is: 'serving'; readonly threads: Threads }
  | { readonly is: 'off'; readonly reason: string };

let state: State = { is: 'new' };

process.on('message', (message: ToHost) => {
  if (message.type === 'start') void start(message);
  else analyse(message);
});
process.on('disconnect', end);
// A terminal or a service manager signals the whole group: the host is needed until the main process has drained and lets go of it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function start({ models, threads }: Start): Promise<void> {
  if (state.is !== 'new') throw new Error('the inference host was started twice');
  state = { is: 'starting' };
  try {
    const { loaded, ...weights } = await checkModels(models);
    const count = Math.max(1, Math.floor(threads));
    state = { is: 'serving', threads: await Threads.start(count, weights, { answer: send, died }) };
    send({ type: 'ready', models: loaded, threads: count });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    state = { is: 'off', reason };
    send({ type: 'unavailable', reason });
  }
}

function analyse(message: Exclude<ToHost, Start>): void {
  if (state.is === 'serving') {
    state.threads.submit(message);
    return;
  }
  const reason = state.is === 'off' ? state.reason : 'the inference host is not ready';
  send({ type: 'failed', job: message.job, failure: { code: 'inference_failed', message: reason } });
}

function send(message: FromHost | Answer): void {
  // The channel may close while an answer is on its way: nobody is left to read it.
  if (process.connected) process.send?.(message, undefined, undefined, ignoreClosed);
}

function ignoreClosed(): void {}

function died(error: Error): void {
  console.error(error);
  end();
}

/** Not `process.exit`: stopping a thread inside the runtime's binding makes it abort (measured), with a core file where those are kept. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
