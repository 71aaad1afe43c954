import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { hash, type Options, verify } from '@node-rs/argon2';

export type HashJob =
  | { readonly kind: 'hash'; readonly password: string; readonly options: Options }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string };

export type HashDone = { readonly value: string | boolean } | { readonly error: string };

/** Threads run compiled code, also when this is run as source. */
const COMPILED = new URL(
  `${import.meta.url.endsWith('.ts') ? '../../../dist/server/auth/passwords/' : './'}hash-thread.js`,
  import.meta.url,
);

/**
 * Hashes passwords on threads of a lower priority. A storm of logins takes every core that it is given; in the
 * runtime's own threads, which have the priority of the server, exams would wait for it.
 */
export class HashThreads {
  readonly #idle: Worker[] = [];
  readonly #areThere: boolean = existsSync(COMPILED);

  /** As many threads as jobs at once are started, and kept. */
  async run(job: HashJob): Promise<string | boolean> {
    // Tests of the source before anything was built.
    if (!this.#areThere)
      return job.kind === 'hash' ? hash(job.password, job.options) : verify(job.stored, job.password);
    const worker = this.#idle.pop() ?? new Worker(COMPILED);
    worker.ref();
    const done = await new Promise<HashDone>((resolve, reject) => {
      const ended = () => reject(new Error('the hashing thread ended'));
      worker.once('message', (message: HashDone) => {
        worker.removeAllListeners();
        resolve(message);
      });
      worker.once('error', reject);
      worker.once('exit', ended);
      worker.postMessage(job);
    });
    // It keeps no process alive; one that ended is not used again.
    worker.unref();
    worker.once('exit', () => this.#forget(worker));
    this.#idle.push(worker);
    if ('error' in done) throw new Error(done.error);
    return done.value;
  }

  #forget(worker: Worker): void {
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
  }
}
