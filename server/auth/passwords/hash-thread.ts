import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashDone, HashJob } from './hash-threads.ts';

/**
 * Lower priority than everything that exams depend on, but still about a third of a contended core, so that logins
 * proceed.
 */
const NICE = 5;

try {
  // On Linux 0 means the calling thread, not its process.
  if (process.platform === 'linux') setPriority(0, getPriority(0) + NICE);
} catch {
  // The thread keeps the priority of the server.
}

parentPort!.on('message', (job: HashJob) => {
  let done: HashDone;
  try {
    done = { value: job.kind === 'hash' ? hashSync(job.password, job.options) : verifySync(job.stored, job.password) };
  } catch (error) {
    done = { error: (error as Error).message };
  }
  parentPort!.postMessage(done);
});
