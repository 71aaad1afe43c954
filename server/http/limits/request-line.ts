import { ProtocolError } from '../../../protocol/errors.ts';
import { networkOf, siteOf } from '../../auth/network.ts';
import { FairLine, type Path } from '../../fair-line.ts';

/** Nobody waits for a turn any longer than this, ms: the pages give up after 15 s. */
const MAX_WAIT_MS = 14_000;
const AGAIN_S = 1;

/** Whose turn it is: whoever has signed what they sent, else the network that it came from. */
export interface Whose {
  readonly kind: 'user' | 'login' | 'network';
  /** An id, or an address. */
  readonly name: string;
}

export interface LineLimits {
  /** Requests in work. */
  readonly atOnce: number;
  /** Of one user, login or network. */
  readonly ofOne: number;
  /** Waiting, of one user or login. */
  readonly waitingOfUser: number;
  /** Waiting, of one network: a year's class that comes at once. */
  readonly waitingOfNetwork: number;
  /**
   * Before one too many is refused, ms: who asks again at once, on hundreds of connections, would cost more than what
   * was asked for.
   */
  readonly refuseAfterMs: number;
}

interface Waiting {
  readonly path: Path;
  readonly since: number;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
  /** Whether who asked is still there. */
  readonly isWanted: () => boolean;
}

/** Those of one that are in work or in the line, and those behind them. */
interface One {
  placed: number;
  readonly behind: Waiting[];
}

/**
 * Like a login's share of hashing: users, logins and networks of strangers take turns, and so do those of each kind.
 */
const pathOf = ({ kind, name }: Whose): Path =>
  kind === 'network' ? [kind, siteOf(name), networkOf(name)] : [kind, name, ''];
const tooMany = () =>
  new ProtocolError('rate_limited', 'too many concurrent requests', {
    retryable: true,
    retryAfterSeconds: AGAIN_S,
    refusal: { kind: 'flood' },
  });
const late = () => new ProtocolError('unavailable', 'server is busy', { retryable: true, retryAfterSeconds: AGAIN_S });

/**
 * Requests take turns for what they share, the database above all: one user's thousand wait for each other, and nobody
 * else for more than one of them.
 */
export class RequestLine {
  readonly #limits: LineLimits;
  readonly #line = new FairLine<Waiting>();
  readonly #ones = new Map<string, One>();
  #running = 0;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /**
   * Does the work when it is its turn.
   * @throws ProtocolError `rate_limited` when too many of this one wait, `unavailable` when the turn did not come in
   * time; what `work` throws
   */
  run<T>(whose: Whose, work: () => Promise<T>, isWanted: () => boolean = () => true): Promise<T> {
    const path = pathOf(whose);
    return new Promise((resolve, reject) => {
      const start = () => {
        this.#running += 1;
        // A handler may throw before it has a promise.
        Promise.resolve()
          .then(work)
          .then(resolve, reject)
          .finally(() => {
            this.#running -= 1;
            this.#leave(path);
            this.#next();
          });
      };
      const one = this.#oneOf(path);
      const waiting = { path, since: performance.now(), start, refuse: reject, isWanted };
      if (one.placed < this.#limits.ofOne) this.#place(one, waiting);
      else if (
        one.behind.length < (whose.kind === 'network' ? this.#limits.waitingOfNetwork : this.#limits.waitingOfUser)
      )
        one.behind.push(waiting);
      else return void setTimeout(() => reject(tooMany()), this.#limits.refuseAfterMs).unref();
      this.#next();
    });
  }

  #oneOf(path: Path): One {
    const key = path.join(' ');
    let one = this.#ones.get(key);
    if (!one) this.#ones.set(key, (one = { placed: 0, behind: [] }));
    return one;
  }

  #place(one: One, waiting: Waiting): void {
    one.placed += 1;
    this.#line.push(waiting.path, waiting);
  }

  #leave(path: Path): void {
    const one = this.#oneOf(path);
    one.placed -= 1;
    const next = one.behind.shift();
    if (next) this.#place(one, next);
    else if (one.placed === 0) this.#ones.delete(path.join(' '));
  }

  #next(): void {
    while (this.#running < this.#limits.atOnce) {
      const next = this.#line.shift();
      if (!next) return;
      if (next.isWanted() && performance.now() - next.since <= MAX_WAIT_MS) {
        next.start();
        continue;
      }
      next.refuse(late());
      this.#leave(next.path);
    }
  }
}
