import { Worker } from 'node:worker_threads';
import type { PassOptions, PassResult } from './pass.ts';

/** Input of the second thread. */
export interface ContentsWork {
  readonly path: string;
  /** `identityOf` the file opened by this thread. */
  readonly identity: string;
  readonly options: PassOptions;
}

/** Smaller exports finish before a thread has started, bytes. */
const WORTH_A_THREAD = 8 * 2 ** 20;

/** Threads run compiled code only; tests from source use a single thread. */
export const isWorthAThread = (bytes: number): boolean => bytes >= WORTH_A_THREAD && import.meta.url.endsWith('.js');

/**
 * Checks payloads, tree and checkpoints of the same export in a second thread, independently of the chains: hashing is
 * nearly all the work, so this halves the time.
 */
export function startContentsThread(work: ContentsWork): Promise<PassResult> {
  const worker = new Worker(new URL('./contents-worker.js', import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`second thread exited with code ${code}`)));
  });
}
