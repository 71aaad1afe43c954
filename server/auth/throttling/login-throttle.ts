import { createHmac, randomBytes } from 'node:crypto';
import { ProtocolError } from '../../../protocol/errors.ts';
import { FailureBudget } from './failure-budget.ts';
import { networkOf, siteOf } from '../network.ts';
import { RecentMap } from './recent-map.ts';
import { SprayWatch } from './spray-watch.ts';

const MINUTE_MS = 60_000;
/** Failures of an account from one network, or one device, before the next try has to wait. */
const FREE_TRIES = 5;
/** Waits after the fifth, sixth, ... failure; the last one for all that follow. */
const WAITS_MS = [5000, 10_000, 20_000, 40_000, MINUTE_MS];
/** After so long without a try the failures are forgotten. */
const FORGET_MS = 15 * MINUTE_MS;
/**
 * While a wide budget is spent: waits after an account's first, second, ... failure of the day from one site. The first
 * try has none.
 */
const SLOW_WAITS_MS = [0, 1, 2, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Failures of one site that count for the account: nobody uses up a stranger's budget alone. */
const COUNTED_OF_SITE = 10;
/** Keys that are told apart, some 150 bytes each. */
const MAX_KEYS = 50_000;

/** Somebody's try to sign in. */
export interface LoginTry {
  /** Lower case. */
  readonly email: string;
  readonly address: string;
  readonly password: string;
  /** Of the device cookie that was sent along, where it is this account's. */
  readonly deviceKey?: Uint8Array | undefined;
}

/**
 * A try that may be looked at, unless it is refused when its turn comes. Exactly one of the others is called after it.
 */
export interface Attempt {
  /** @throws ProtocolError `rate_limited` */
  admit(): void;
  /** @param userId of the account, where there is one */
  failed(userId: string | undefined): void;
  succeeded(): void;
  /** No password was looked at: that is nobody's failure. */
  notLookedAt(): void;
}

interface Tries {
  failures: number;
  /** The same, remembered for a day. */
  ofDay: number;
  at: number;
  /** The next one is looked at from then on. */
  nextAt: number;
  userId: string | undefined;
}

/** Everything that is asked of the budgets about one try, as digests. */
interface Keys {
  readonly tries: string;
  readonly account: string;
  readonly network: string;
  readonly site: string;
  /** The account from this site. */
  readonly pair: string;
  /** The password from this site. */
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
 * Bounds guessing without a lock on anybody. A browser that signed in to the account before shows its device cookie,
 * and is counted by itself (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): what strangers do behind
 * the same address is not held against it. Everybody else is counted by account and site, with waits that grow to a
 * minute. Beside that there are wide budgets: of a network and a site over all accounts, and of an account over all
 * networks. When one is spent nobody is refused for what others did: an account still has its first try from each site,
 * and waits of its own, longer ones, after it has failed from there. Only one password that fails on many accounts is
 * refused for all. Whether there is an account makes no difference. Only failures count. Held in memory, bounded, as
 * digests.
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

  /** @param now ms of a clock that is never set */
  constructor(now: () => number = () => performance.now(), maxKeys = MAX_KEYS) {
    this.#now = now;
    this.#tries = new RecentMap(maxKeys);
    this.#familiar = new RecentMap(maxKeys);
  }

  /** Accounts by site, and devices, in memory. */
  get size(): number {
    return this.#tries.size;
  }

  /**
   * Counts a try, so that of many at once not all are let through. @throws ProtocolError `rate_limited`, with the
   * seconds to wait
   */
  begin(tried: LoginTry): Attempt {
    const keys = this.#keysOf(tried);
    const now = this.#now();
    const tries = this.#triesOf(keys.tries, now);
    if (now < tries.nextAt) throw limited(tries.nextAt - now, tries.userId);
    // As it was before this try: of many at once, the first is the first.
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
        // Who waited as long as they were told does not wait again.
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
    // A class has its typing errors: each of its own that signs in for the first time makes up for one.
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
