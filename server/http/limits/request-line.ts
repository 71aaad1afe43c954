import { ProtocolError } from '../../../protocol/errors.ts';
import { SERVER_BUSY } from '../../../protocol/http/server-busy.ts';
import { networkOf, siteOf } from '../../auth/network.ts';
import { FairLine, type Path } from '../../fair-line.ts';

/** Maximum wait, ms: the pages give up after 15 s. */
const MAX_WAIT_MS = 14_000;
const AGAIN_S = 1;

/** Owner of a turn: the authenticated user, login or API key, else the network. */
export interface Whose {
  readonly kind: 'user' | 'login' | 'key' | 'network';
  /** Id or address. */
  readonly name: string;
}

export interface LineLimits {
  /** Concurrent requests. */
  readonly atOnce: number;
  /** Concurrent requests of one user, login, API key or network. */
  readonly ofOne: number;
  /** Queue length of one user or login. */
  readonly waitingOfUser: number;
  /** Queue length of one network or API key: a whole year's class. */
  readonly waitingOfNetwork: number;
}

interface Waiting {
  readonly path: Path;
  readonly since: number;
  readonly start: () => void;
  readonly refuse: (error: unknown) => void;
  /** Whether the client is still connected. */
  readonly isWanted: () => boolean;
}

/** State of one owner: running and placed requests, and those behind them. */
interface One {
  placed: number;
  readonly behind: Waiting[];
}

/** Path for fair turns: users, logins, API keys and networks take turns, and so do those within each kind. */
const pathOf = ({ kind, name }: Whose): Path =>
  kind === 'network' ? [kind, siteOf(name), networkOf(name)] : [kind, name, ''];
const tooMany = () =>
  new ProtocolError('rate_limited', 'too many concurrent requests', {
    retryable: true,
    retryAfterSeconds: AGAIN_S,
    refusal: { kind: 'flood' },
  });
const late = () => new ProtocolError('unavailable', SERVER_BUSY, { retryable: true, retryAfterSeconds: AGAIN_S });

/**
 * Fair queue before a shared resource, mostly the database: a user's thousand requests wait for each other, and others
 * for at most one of them.
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
   * Runs the work when its turn comes.
   * @throws ProtocolError `rate_limited` if too many of this owner wait, `unavailable` if the turn did not come in
   * time; or the error of `work`
   */
  run<T>(whose: Whose, work: () => Promise<T>, isWanted: () => boolean = () => true): Promise<T> {
    const path = pathOf(whose);
    return new Promise((resolve, reject) => {
      const start = () => {
        this.#running += 1;
        // A handler may throw synchronously.
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
        one.behind.length <
        (whose.kind === 'network' || whose.kind === 'key' ? this.#limits.waitingOfNetwork : this.#limits.waitingOfUser)
      )
        one.behind.push(waiting);
      else return reject(tooMany());
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
