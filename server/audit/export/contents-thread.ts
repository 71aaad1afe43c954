import { Worker } from 'node:worker_threads';
import type { PassOptions, PassResult } from './pass.ts';

/** What the other thread is told. */
export interface ContentsWork {
  readonly path: string;
  /** Of the file that this thread has open: `identityOf`. */
  readonly identity: string;
  readonly options: PassOptions;
}

/** Shorter exports are done before a thread has begun, bytes. */
const WORTH_A_THREAD = 8 * 2 ** 20;

/** Threads run compiled code only: tests that run the source do all in one. */
export const isWorthAThread = (bytes: number): boolean => bytes >= WORTH_A_THREAD && import.meta.url.endsWith('.js');

/**
 * Goes through the same export in another thread, for what does not need the entries' chains: hashing is nearly all
 * there is to do, and so it is halved.
 */
export function startContentsThread(work: ContentsWork): Promise<PassResult> {
  const worker = new Worker(new URL('./contents-worker.js', import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the second thread ended with code ${code}`)));
  });
}
