import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashDone, HashJob } from './hash-threads.ts';

/** Below everything that exams wait for; a third of a core that others want, so that people get in all the same. */
const NICE = 5;

try {
  // On Linux 0 is the calling thread, and not its process.
  if (process.platform === 'linux') setPriority(0, getPriority(0) + NICE);
} catch {
  // It keeps the priority of the server.
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
