import { existsSync } from 'node:fs';
import { hash, type Options, verify } from '@node-rs/argon2';
import { modulePath, startThread } from '../../../models/module-path.ts';

export type HashJob =
  | { readonly kind: 'hash'; readonly password: string; readonly options: Options }
  | { readonly kind: 'verify'; readonly password: string; readonly stored: string };

export type HashDone = { readonly value: string | boolean } | { readonly error: string };

const MODULE = 'server/auth/passwords/hash-thread';

/** One thread with one job at a time. */
class HashThread {
  readonly #worker = startThread(MODULE);
  #settle: { resolve(done: HashDone): void; reject(error: Error): void } | undefined;
  #error: Error | undefined;

  constructor() {
    this.#worker.on('message', (done: HashDone) => this.#settle?.resolve(done));
    this.#worker.on('error', (error: Error) => (this.#error = error));
    this.#worker.on('exit', () => {
      this.#error ??= new Error('the hashing thread ended');
      this.#settle?.reject(this.#error);
    });
  }

  get isOver(): boolean {
    return this.#error !== undefined;
  }

  async do(job: HashJob): Promise<HashDone> {
    // Keeps the process alive only while a job is running.
    this.#worker.ref();
    try {
      return await new Promise((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#worker.postMessage(job);
      });
    } finally {
      this.#settle = undefined;
      this.#worker.unref();
    }
  }
}

/**
 * Hashes passwords on threads of lower priority. A storm of logins uses every core it gets; on the runtime's own
 * threads, which have the server's priority, exams would wait for it.
 */
export class HashThreads {
  readonly #idle: HashThread[] = [];
  readonly #areThere: boolean = existsSync(modulePath(MODULE));

  /** Starts as many threads as there are concurrent jobs and keeps them. */
  async run(job: HashJob): Promise<string | boolean> {
    // For tests from source before a build.
    if (!this.#areThere)
      return job.kind === 'hash' ? hash(job.password, job.options) : verify(job.stored, job.password);
    let thread = this.#idle.pop();
    while (thread?.isOver) thread = this.#idle.pop();
    thread ??= new HashThread();
    const done = await thread.do(job);
    this.#idle.push(thread);
    if ('error' in done) throw new Error(done.error);
    return done.value;
  }
}
