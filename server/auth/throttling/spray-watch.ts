import { RecentMap } from './recent-map.ts';

/** Accounts on which one password may fail. */
const ACCOUNTS = 10;
const WINDOW_MS = 15 * 60_000;
/** Maximum number of passwords, at most some KB each. */
const MAX_PASSWORDS = 5000;

interface Failures {
  readonly accounts: Set<string>;
  /** Accounts of the site with this as their correct password: a class may have been given one for all. */
  right: number;
  since: number;
}

/** Detects password spraying: one password tried on many accounts from one site. */
export class SprayWatch {
  readonly #failures = new RecentMap<Failures>(MAX_PASSWORDS);

  /** Time until the password may be tried on this account, ms; 0: now. */
  wait(key: string, account: string, now: number): number {
    const failures = this.#fresh(key, now);
    if (!failures || failures.accounts.has(account) || failures.accounts.size < ACCOUNTS + failures.right) return 0;
    return failures.since + WINDOW_MS - now;
  }

  failed(key: string, account: string, now: number): void {
    const failures = this.#fresh(key, now) ?? { accounts: new Set<string>(), right: 0, since: now };
    failures.accounts.add(account);
    this.#failures.set(key, failures);
  }

  succeeded(key: string, now: number): void {
    const failures = this.#fresh(key, now);
    if (failures) failures.right += 1;
  }

  #fresh(key: string, now: number): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures && now - failures.since < WINDOW_MS ? failures : undefined;
  }
}
