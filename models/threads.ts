import { Worker } from 'node:worker_threads';
import './no-telemetry.ts';
import type { WorkerModels } from './load.ts';

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** What a thread is given as its data. */
export interface ThreadData {
  readonly models: WorkerModels;
  /** Its end of a socket pair with the main process; see `FrameChannel`. */
  readonly fd: number;
}

/**
 * Starts one inference thread for each channel. Resolves when every thread has loaded its models, made a run and
 * serves.
 * @param died a thread ended after that, whatever the reason
 * @throws what the first failing thread threw; the others are then stopped
 */
export async function startThreads(
  models: WorkerModels,
  fds: readonly number[],
  died: (error: Error) => void,
): Promise<void> {
  const workers = fds.map((fd) => new Worker(ENTRY, { workerData: { models, fd } satisfies ThreadData }));
  // All of them are waited for, also when one has failed: ending a thread that is inside the runtime aborts the
  // process.
  const starts = await Promise.allSettled(workers.map((worker) => ready(worker, died)));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw failed.reason;
  }
  // From here on they wait for frames and for nothing else: a thread that waits so cannot be stopped but with the
  // process.
  for (const worker of workers) worker.postMessage('serve');
}

/** Settles when the thread is ready or has failed to be. */
function ready(worker: Worker, died: (error: Error) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isReady = false;
    const ended = (error: Error): void => (isReady ? died(error) : reject(error));
    worker.on('error', ended);
    worker.on('exit', (code) => ended(new Error(`an inference thread ended, code ${code}`)));
    worker.once('message', () => {
      isReady = true;
      resolve();
    });
  });
}
