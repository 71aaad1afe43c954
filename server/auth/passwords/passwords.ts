import { ProtocolError } from '../../../protocol/errors.ts';
import { FairLine, type Path } from '../../fair-line.ts';
import { networkOf, siteOf } from '../network.ts';
import { HashThreads } from './hash-threads.ts';

/** Cost of new hashes: memory in KiB and passes over it. */
export interface HashCost {
  readonly memoryCost: number;
  readonly timeCost: number;
}

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const COST: HashCost = { memoryCost: 19 * 1024, timeCost: 2 };
const FIXED = { algorithm: 2 /* Argon2id; the package's enum cannot be imported here */, parallelism: 1 };
/**
 * RFC 8265, 4.2.2 (OpaqueString): keyboards encode the same character in different ways, and Option+Space of a Mac is
 * another space.
 */
const normal = (password: string) => password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
const AT_ONCE = 2;
/** Maximum waiting in total; about 2 KB each. */
const MAX_WAITING = 4000;
/** Maximum waiting of one site: a whole year's class. */
const MAX_OF_SITE = 1000;
/** Index of the site in a path. */
const SITES = 2;
/** Maximum wait, ms: the pages give up after 15 s. */
const MAX_WAIT_MS = 14_000;

/**
 * Who a password is hashed for. Each share gets a third of the hashing while all three are busy: logins with a device
 * cookie, logins without one, and setting passwords.
 */
export interface Turn {
  readonly share: 'device' | 'login' | 'account';
  readonly address: string;
  /** Lower case. */
  readonly account: string;
  /** Called when the turn comes. @throws ProtocolError to skip the check after all */
  readonly admit?: () => void;
}

const OWN: Turn = { share: 'account', address: 'server', account: '' };

interface Waiting {
  readonly turn: Turn;
  readonly since: number;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Threads of this process: the start of one costs as much as a hash. */
const threads = new HashThreads();

const busy = () =>
  new ProtocolError('unavailable', 'too many logins in progress', { retryable: true, retryAfterSeconds: 2 });
const pathOf = ({ share, address, account }: Turn): Path => [share, siteOf(address), networkOf(address), account];

/**
 * Concurrent hashing is limited, so that a storm of logins exhausts neither memory nor the threads needed for file and
 * DNS work. Turns rotate by share, network and account: one address can fill only its own queue.
 */
/** Stored in place of a hash until a password is set: nothing matches it. */
export const NO_PASSWORD = '!';

export class Passwords {
  readonly #line = new FairLine<Waiting>();
  readonly #onHash: () => void;
  readonly #cost: HashCost;
  #running = 0;
  /** Dummy hash for unknown accounts, so that both cases take the same time. */
  readonly #decoy: Promise<string>;

  /** @param onHash called for each run of the hash function */
  constructor(onHash: () => void = () => {}, cost: HashCost = COST) {
    this.#onHash = onHash;
    this.#cost = cost;
    this.#decoy = this.hash('no account has this password');
  }

  /** @throws ProtocolError `unavailable` */
  hash(password: string, turn: Turn = OWN): Promise<string> {
    return this.#run(turn, () => this.#hash(normal(password)));
  }

  /** @throws ProtocolError `unavailable`, or the error of `turn.admit` */
  async verify(stored: string | undefined, password: string, turn: Turn = OWN): Promise<boolean> {
    const isSet = stored !== undefined && stored !== NO_PASSWORD;
    const against = isSet ? stored : await this.#decoy;
    let matches = await this.#run(turn, () => this.#verify(against, normal(password)));
    // Also as typed: earlier hashes were made without normalisation. Regardless of the first result, so that timing
    // reveals nothing.
    const { admit: _admitted, ...again } = turn;
    if (normal(password) !== password)
      matches = (await this.#run(again, () => this.#verify(against, password))) || matches;
    return matches && isSet;
  }

  async #hash(password: string): Promise<string> {
    return (await threads.run({ kind: 'hash', password, options: { ...FIXED, ...this.#cost } })) as string;
  }

  async #verify(stored: string, password: string): Promise<boolean> {
    return (await threads.run({ kind: 'verify', password, stored })) === true;
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
