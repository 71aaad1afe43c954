import type { FromHost, ToHost } from './jobs.ts';
import { checkModels } from './load.ts';
import { startThreads } from './threads.ts';

/**
 * Entry of the inference host: a child process that starts its threads once on request and reports the outcome. Frames
 * bypass it: each thread has its own channel to the main process. It ends (SIGKILL) when its IPC channel closes or a
 * thread dies, and the main process starts a new one.
 */

let started = false;

process.on('message', (message: ToHost) => void start(message));
process.on('disconnect', end);
// A terminal or service manager signals the whole process group: the host is needed until the main process has drained
// and releases it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function start({ models, channels }: ToHost): Promise<void> {
  if (started) throw new Error('the inference host was started twice');
  started = true;
  try {
    const { loaded, ...weights } = await checkModels(models, console.error);
    await startThreads(weights, channels, died);
    send({ type: 'ready', models: loaded });
  } catch (error) {
    send({ type: 'unavailable', reason: error instanceof Error ? error.message : String(error) });
  }
}

function send(message: FromHost): void {
  // The channel may close while an answer is in flight: no reader is left.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function died(error: Error): void {
  console.error(error);
  end();
}

/**
 * Not `process.exit`: stopping a thread inside the runtime's binding makes it abort (measured), with a core dump where
 * enabled.
 */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
