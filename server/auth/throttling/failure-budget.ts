import { RecentMap } from './recent-map.ts';

/** Maximum number of keys, about 100 bytes each. */
const MAX_KEYS = 50_000;

/** Failures allowed per key: a burst, refilled once per period. Successes are free. */
export class FailureBudget {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #spent = new RecentMap<{ readonly spent: number; readonly at: number }>(MAX_KEYS);

  /** @param periodMs time to refill the whole budget */
  constructor(burst: number, periodMs: number) {
    this.#burst = burst;
    this.#perMs = burst / periodMs;
  }

  /** Time until one more failure is allowed, ms; 0: now. */
  wait(key: string, now: number): number {
    return Math.max(0, Math.ceil((this.#spentAt(key, now) + 1 - this.#burst) / this.#perMs));
  }

  /** A negative `count` refunds. */
  spend(key: string, now: number, count = 1): void {
    const spent = this.#spentAt(key, now) + count;
    if (spent <= 0) this.#spent.delete(key);
    else this.#spent.set(key, { spent, at: now });
  }

  #spentAt(key: string, now: number): number {
    const entry = this.#spent.get(key);
    return entry ? Math.max(0, entry.spent - Math.max(0, now - entry.at) * this.#perMs) : 0;
  }
}
