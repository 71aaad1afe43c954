import { createHmac, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../../protocol/errors.ts';
import { FailureBudget } from './failure-budget.ts';
import { networkOf, siteOf } from '../network.ts';
import { RecentMap } from './recent-map.ts';
import { SprayWatch } from './spray-watch.ts';

const MINUTE_MS = 60_000;
/** Free failures of an account from one network or device. */
const FREE_TRIES = 5;
/** Waits after the fifth, sixth, ... failure; the last one applies to all further failures. */
const WAITS_MS = [5000, 10_000, 20_000, 40_000, MINUTE_MS];
/** Failures are forgotten after this time without an attempt. */
const FORGET_MS = 15 * MINUTE_MS;
/**
 * While a wide budget is spent: waits after an account's first, second, ... failure of the day from one site. The first
 * attempt does not wait.
 */
const SLOW_WAITS_MS = [0, 1, 2, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Maximum failures of one site charged to an account, so that one site cannot use up its budget. */
const COUNTED_OF_SITE = 10;
/** Maximum number of keys, about 150 bytes each. */
const MAX_KEYS = 50_000;

/** A login attempt. */
export interface LoginTry {
  /** Lower case. */
  readonly email: string;
  readonly address: string;
  readonly password: string;
  /** Key of the request's device cookie for this account, if any. */
  readonly deviceKey?: Uint8Array | undefined;
}

/** An admitted attempt. Exactly one of the other methods must be called after `admit`. */
export interface Attempt {
  /** @throws ProtocolError `rate_limited` */
  admit(): void;
  /** @param userId id of the account, if it exists */
  failed(userId: string | undefined): void;
  succeeded(): void;
  /** No password was checked: not a failure. */
  notLookedAt(): void;
}

interface Tries {
  failures: number;
  /** Failures remembered for a day. */
  ofDay: number;
  at: number;
  /** Time from which the next attempt is checked. */
  nextAt: number;
  userId: string | undefined;
}

/** Budget keys of one attempt, as digests. */
interface Keys {
  readonly tries: string;
  readonly account: string;
  readonly network: string;
  readonly site: string;
  /** Account and site. */
  readonly pair: string;
  /** Password and site. */
  readonly spray: string;
  readonly device: boolean;
}

function limited(ms: number, target?: string): ProtocolError {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const when = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return new ProtocolError('rate_limited', `too many attempts; retry in ${when}`, {
    retryable: true,
    retryAfterSeconds: seconds,
    refusal: { kind: 'login_throttled', target },
  });
}

/**
 * Limits password guessing without locking anybody out. A browser that logged in to the account before sends its device
 * cookie and is counted by itself (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), unaffected by
 * strangers behind the same address. All others are counted by account and site, with waits that grow to a minute. In
 * addition there are wide budgets: of a network and a site over all accounts, and of an account over all networks. When
 * one is spent, nobody is refused for what others did: an account still has its first attempt from each site, and
 * longer waits of its own after failures from there. Only a password that fails on many accounts is refused for all.
 * Existing and unknown accounts are treated alike. Only failures count. Held in memory, bounded, as digests.
 */
export class LoginThrottle {
  readonly #now: () => number;
  readonly #key = randomBytes(32);
  readonly #tries: RecentMap<Tries>;
  readonly #familiar: RecentMap<true>;
  readonly #networks = new FailureBudget(100, 15 * MINUTE_MS);
  readonly #familiarOfNetworks = new FailureBudget(100, 15 * MINUTE_MS);
  readonly #sites = new FailureBudget(400, 15 * MINUTE_MS);
  readonly #accounts = new FailureBudget(100, 60 * MINUTE_MS);
  readonly #sprays = new SprayWatch();

  /** @param now monotonic clock, ms */
  constructor(now: () => number = () => performance.now(), maxKeys = MAX_KEYS) {
    this.#now = now;
    this.#tries = new RecentMap(maxKeys);
    this.#familiar = new RecentMap(maxKeys);
  }

  /** Entries in memory: accounts by site, and devices. */
  get size(): number {
    return this.#tries.size;
  }

  /**
   * Counts an attempt before it is checked, so that concurrent attempts cannot exceed the limit.
   * @throws ProtocolError `rate_limited`, with the seconds to wait
   */
  begin(tried: LoginTry): Attempt {
    const keys = this.#keysOf(tried);
    const now = this.#now();
    const tries = this.#triesOf(keys.tries, now);
    if (now < tries.nextAt) throw limited(tries.nextAt - now, tries.userId);
    // State before this attempt: of many concurrent ones only one is the first.
    const [before, slowUntil] = [tries.at, tries.at + SLOW_WAITS_MS[Math.min(tries.ofDay, SLOW_WAITS_MS.length - 1)]!];
    this.#checkBudgets(keys, now, slowUntil, tries.userId);
    tries.failures += 1;
    tries.ofDay += 1;
    tries.at = now;
    if (tries.failures >= FREE_TRIES) tries.nextAt = now + (WAITS_MS[tries.failures - FREE_TRIES] ?? WAITS_MS.at(-1)!);
    this.#tries.set(keys.tries, tries);
    return {
      admit: () => this.#checkBudgets(keys, this.#now(), slowUntil, tries.userId),
      failed: (userId) => {
        tries.userId = userId;
        this.#failed(keys, tries);
      },
      succeeded: () => this.#succeeded(keys),
      notLookedAt: () => {
        tries.failures -= 1;
        tries.ofDay -= 1;
        tries.nextAt = 0;
        // An attempt that waited as told does not wait again.
        if (tries.at === now) tries.at = before;
        if (tries.ofDay <= 0) this.#tries.delete(keys.tries);
      },
    };
  }

  #triesOf(key: string, now: number): Tries {
    const known = this.#tries.get(key);
    if (!known || now - known.at >= DAY_MS) return { failures: 0, ofDay: 0, at: now, nextAt: 0, userId: undefined };
    if (now - known.at >= FORGET_MS) known.failures = 0;
    return known;
  }

  #checkBudgets(keys: Keys, now: number, slowUntil: number, target: string | undefined): void {
    if (keys.device) return;
    const wide = this.#familiar.get(keys.pair)
      ? [this.#familiarOfNetworks.wait(keys.network, now)]
      : [
          this.#networks.wait(keys.network, now),
          this.#sites.wait(keys.site, now),
          this.#accounts.wait(keys.account, now),
        ];
    const wait = Math.max(
      Math.min(Math.max(...wide), slowUntil - now),
      this.#sprays.wait(keys.spray, keys.account, now),
    );
    if (wait > 0) throw limited(wait, target);
  }

  #failed(keys: Keys, { failures }: Tries): void {
    if (keys.device) return;
    const now = this.#now();
    this.#sprays.failed(keys.spray, keys.account, now);
    if (this.#familiar.get(keys.pair)) return this.#familiarOfNetworks.spend(keys.network, now);
    this.#networks.spend(keys.network, now);
    this.#sites.spend(keys.site, now);
    if (failures <= COUNTED_OF_SITE) this.#accounts.spend(keys.account, now);
  }

  #succeeded(keys: Keys): void {
    const now = this.#now();
    this.#tries.delete(keys.tries);
    this.#sprays.succeeded(keys.spray, now);
    // Typing errors of a class: each first successful login of an account offsets one failure.
    if (!this.#familiar.get(keys.pair))
      for (const [budget, key] of [
        [this.#networks, keys.network],
        [this.#sites, keys.site],
      ] as const)
        budget.spend(key, now, -1);
    this.#familiar.set(keys.pair, true);
  }

  #keysOf({ email, address, password, deviceKey }: LoginTry): Keys {
    const [network, site] = [networkOf(address), siteOf(address)];
    const pair = this.#digest('pair', site, email);
    const device = deviceKey !== undefined;
    return {
      tries: device ? this.#digest('device', Buffer.from(deviceKey).toString('hex'), email) : pair,
      account: this.#digest('account', email),
      network,
      site,
      pair,
      spray: this.#digest('password', site, password),
      device,
    };
  }

  #digest(...parts: string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  }
}
