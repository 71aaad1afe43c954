import type { Worker } from 'node:worker_threads';
import { startThread } from './module-path.ts';
import './no-telemetry.ts';
import type { WorkerModels } from './load.ts';

/** `workerData` of a thread. */
export interface ThreadData {
  readonly models: WorkerModels;
  /** Its end of a socket pair with the main process; see `FrameChannel`. */
  readonly fd: number;
}

/**
 * Starts one inference thread per channel. Resolves when every thread has loaded its models, made a warm-up run and
 * serves.
 * @param died called when a thread ends after that, for any reason
 * @throws the error of the first failing thread, after the others were stopped
 */
export async function startThreads(
  models: WorkerModels,
  fds: readonly number[],
  died: (error: Error) => void,
): Promise<void> {
  const workers = fds.map((fd) => startThread('models/worker', { workerData: { models, fd } satisfies ThreadData }));
  // All are awaited, also after a failure: ending a thread inside the runtime aborts the process.
  const starts = await Promise.allSettled(workers.map((worker) => ready(worker, died)));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw failed.reason;
  }
  // From here on they block waiting for frames: a blocked thread can only be stopped with its process.
  for (const worker of workers) worker.postMessage('serve');
}

/** Settles when the thread is ready or has failed to start. */
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
