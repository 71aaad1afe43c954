import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { ProtocolError } from '../../protocol/errors.ts';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: 2 /* Argon2id; the package's enum cannot be imported here */, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const MAX_WAITING = 200;

/** RFC 8265, 4.2.1 (OpaqueString): keyboards write the same character in different ways. */
const normal = (password: string) => password.normalize('NFC');

/** Hashing is capped, so that a storm of logins costs neither the memory nor the threads that file and DNS work need. */
export class Passwords {
  readonly #limit = pLimit(2);
  readonly #onHash: () => void;
  /** Verified against when the account is unknown, so that both answers take the same time. */
  readonly #decoy: Promise<string>;

  /** `onHash` is called for each run of the hash function, to make or to check one. */
  constructor(onHash: () => void = () => {}) {
    this.#onHash = onHash;
    this.#decoy = this.hash('no account has this password');
  }

  hash(password: string): Promise<string> {
    return this.#run(() => hash(normal(password), PARAMETERS));
  }

  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await this.#decoy);
    let matches = false;
    // As it was typed, too: hashes of before were made of that. Each form is always tried, so that the time tells nothing.
    for (const form of new Set([normal(password), password])) matches = (await this.#run(() => verify(against, form))) || matches;
    return matches && stored !== undefined;
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit.pendingCount >= MAX_WAITING) {
      throw new ProtocolError('unavailable', 'too many logins at the moment', { retryable: true });
    }
    return this.#limit(() => {
      this.#onHash();
      return work();
    });
  }
}
