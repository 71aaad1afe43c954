import type { FromHost, ToHost } from './jobs.ts';
import { checkModels } from './load.ts';
import { startThreads } from './threads.ts';

/**
 * Entry of the inference host: a child process that is told to start its threads, once, and says what came of it.
 * Frames go past it: each thread has a channel of its own to the main process. It ends (SIGKILL) with its IPC channel
 * and when a thread dies: the main process starts another one.
 */

let started = false;

process.on('message', (message: ToHost) => void start(message));
process.on('disconnect', end);
// A terminal or a service manager signals the whole group: the host is needed until the main process has drained and
// lets go of it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function start({ models, channels }: ToHost): Promise<void> {
  if (started) throw new Error('the inference host was started twice');
  started = true;
  try {
    const { loaded, ...weights } = await checkModels(models);
    await startThreads(weights, channels, died);
    send({ type: 'ready', models: loaded });
  } catch (error) {
    send({ type: 'unavailable', reason: error instanceof Error ? error.message : String(error) });
  }
}

function send(message: FromHost): void {
  // The channel may close while an answer is on its way: nobody is left to read it.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function died(error: Error): void {
  console.error(error);
  end();
}

/**
 * Not `process.exit`: stopping a thread inside the runtime's binding makes it abort (measured), with a core file where
 * those are kept.
 */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}
