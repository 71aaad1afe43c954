import { ProtocolError } from '../../../protocol/errors.ts';
import { FairLine, type Path } from '../../fair-line.ts';
import { networkOf, siteOf } from '../network.ts';
import { HashThreads } from './hash-threads.ts';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = {
  algorithm: 2 /* Argon2id; the package's enum cannot be imported here */,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
};
/** RFC 8265, 4.2.1 (OpaqueString): keyboards write the same character in different ways. */
const normal = (password: string) => password.normalize('NFC');
const AT_ONCE = 2;
/** Waiting, of all; some 2 KB each. */
const MAX_WAITING = 4000;
/** Waiting, of one site: a year's class that comes at once. */
const MAX_OF_SITE = 1000;
/** Depth of the sites in a path. */
const SITES = 2;
/** Nobody waits for an answer any longer than this, ms: the pages give up after 15 s. */
const MAX_WAIT_MS = 14_000;

/**
 * For whom a password is hashed. The shares have a third of the hashing each while all three are wanted: signing in
 * with a device cookie, signing in without one, and what sets passwords.
 */
export interface Turn {
  readonly share: 'device' | 'login' | 'account';
  readonly address: string;
  /** Lower case. */
  readonly account: string;
  /** Asked when it is its turn. @throws ProtocolError when it is not to be looked at after all */
  readonly admit?: () => void;
}

const OWN: Turn = { share: 'account', address: 'server', account: '' };

interface Waiting {
  readonly turn: Turn;
  readonly since: number;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

const busy = () =>
  new ProtocolError('unavailable', 'too many logins in progress', { retryable: true, retryAfterSeconds: 2 });
const pathOf = ({ share, address, account }: Turn): Path => [share, siteOf(address), networkOf(address), account];

/**
 * Hashing is capped, so that a storm of logins costs neither the memory nor the threads that file and DNS work need.
 * Whose turn it is goes round by share, network and account: one address can fill its own line, and nobody else's.
 */
export class Passwords {
  readonly #line = new FairLine<Waiting>();
  readonly #threads = new HashThreads();
  readonly #onHash: () => void;
  #running = 0;
  /** Verified against when the account is unknown, so that both answers take the same time. */
  readonly #decoy: Promise<string>;

  /** `onHash` is called for each run of the hash function, to make or to check one. */
  constructor(onHash: () => void = () => {}) {
    this.#onHash = onHash;
    this.#decoy = this.hash('no account has this password');
  }

  /** @throws ProtocolError `unavailable` */
  hash(password: string, turn: Turn = OWN): Promise<string> {
    return this.#run(turn, () => this.#hash(normal(password)));
  }

  /** @throws ProtocolError `unavailable`, or what `turn.admit` throws */
  async verify(stored: string | undefined, password: string, turn: Turn = OWN): Promise<boolean> {
    const against = stored ?? (await this.#decoy);
    let matches = await this.#run(turn, () => this.#verify(against, normal(password)));
    // As it was typed, too: hashes of before were made of that. Whatever the first said, so that the time tells
    // nothing.
    const { admit: _admitted, ...again } = turn;
    if (normal(password) !== password)
      matches = (await this.#run(again, () => this.#verify(against, password))) || matches;
    return matches && stored !== undefined;
  }

  async #hash(password: string): Promise<string> {
    return (await this.#threads.run({ kind: 'hash', password, options: PARAMETERS })) as string;
  }

  async #verify(stored: string, password: string): Promise<boolean> {
    return (await this.#threads.run({ kind: 'verify', password, stored })) === true;
  }

  #run<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = () => {
        this.#running += 1;
        this.#onHash();
        work()
          .then(resolve, reject)
          .finally(() => {
            this.#running -= 1;
            this.#next();
          });
      };
      const path = pathOf(turn);
      if (this.#line.countOf(path.slice(0, SITES)) >= MAX_OF_SITE) return reject(busy());
      this.#line.push(path, { turn, since: performance.now(), start, refuse: reject });
      if (this.#line.count > MAX_WAITING) this.#line.dropFromLongest(SITES)?.refuse(busy());
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#line.shift();
      if (!next) return;
      try {
        if (performance.now() - next.since > MAX_WAIT_MS) throw busy();
        next.turn.admit?.();
      } catch (error) {
        next.refuse(error);
        continue;
      }
      next.start();
    }
  }
}
