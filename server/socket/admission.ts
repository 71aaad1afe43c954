import { ProtocolError } from '../../protocol/errors.ts';
import { networkOf } from '../auth/network.ts';
import type { Metrics } from '../metrics.ts';
import { KeyedBuckets } from '../token-bucket.ts';

/** Upgrades of one address that are refused with their reason. Honest ones are few: a ticket that waited for 30 s. */
const REFUSALS = { burst: 100, perSecond: 10 };
const RETRY_SECONDS = 10;

/** A socket's part in its address's and its user's limits. Both methods may be called again. */
export interface Place {
  /** Its ticket is confirmed by the database, and on an exam socket `hello` was answered. */
  confirm(): void;
  leave(): void;
}

interface Share {
  open: number;
  unconfirmed: number;
}

const userKey = (userId: string) => `user ${userId}`;

const tooMany = (what: string) =>
  new ProtocolError('rate_limited', what, {
    retryable: true,
    retryAfterSeconds: RETRY_SECONDS,
    refusal: { kind: 'flood' },
  });

/** How many sockets one address (IPv6: one /64) and one user have, and how often an address was refused one. */
export class Admission {
  readonly #limit: number;
  readonly #userLimit: number;
  readonly #metrics: Metrics;
  readonly #shares = new Map<string, Share>();
  readonly #refusals = new KeyedBuckets(REFUSALS);

  /**
   * @param limit sockets of one address; half as many may be unconfirmed; 0: no limit
   * @param userLimit sockets of one user; 0: no limit
   */
  constructor(limit: number, userLimit: number, metrics: Metrics) {
    this.#limit = limit;
    this.#userLimit = userLimit;
    this.#metrics = metrics;
  }

  /** @throws ProtocolError `rate_limited` when there is no place for one more */
  check(address: string): void {
    const share = this.#shares.get(networkOf(address));
    if (this.#limit === 0 || !share) return;
    if (share.open >= this.#limit) throw this.#shed('sockets_per_address', 'too many sockets of this address');
    if (share.unconfirmed >= Math.ceil(this.#limit / 2))
      throw this.#shed('unconfirmed_sockets', 'too many sockets of this address that are not confirmed yet');
  }

  /** @throws ProtocolError `rate_limited` when the user has as many sockets as one may have */
  checkUser(userId: string): void {
    const share = this.#shares.get(userKey(userId));
    if (this.#userLimit === 0 || !share) return;
    if (share.open >= this.#userLimit) throw this.#shed('sockets_per_user', 'too many sockets of this user');
  }

  enter(address: string, userId: string): Place {
    const places = [this.#enter(networkOf(address)), this.#enter(userKey(userId))];
    return {
      confirm: () => places.forEach((place) => place.confirm()),
      leave: () => places.forEach((place) => place.leave()),
    };
  }

  #enter(key: string): Place {
    const share = this.#shares.get(key) ?? { open: 0, unconfirmed: 0 };
    this.#shares.set(key, share);
    share.open += 1;
    share.unconfirmed += 1;
    let confirmed = false;
    let left = false;
    const confirm = () => {
      if (!confirmed) share.unconfirmed -= 1;
      confirmed = true;
    };
    const leave = () => {
      if (left) return;
      left = true;
      confirm();
      share.open -= 1;
      if (share.open === 0) this.#shares.delete(key);
    };
    return { confirm, leave };
  }

  /**
   * Counts a refused upgrade. A good ticket is never refused for the refusals of others at its address: it does not get
   * here.
   * @returns the error to answer: the given one, or `rate_limited` for an address that was refused too often
   */
  refused(address: string, why: ProtocolError): ProtocolError {
    if (this.#refusals.take(networkOf(address), performance.now())) return why;
    return this.#shed('refused_upgrades', 'too many refused upgrades');
  }

  #shed(limit: string, what: string): ProtocolError {
    this.#metrics.shed.inc({ limit });
    return tooMany(what);
  }
}
