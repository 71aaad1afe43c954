import { RecentMap } from './recent-map.ts';

/** Keys that are told apart, some 100 bytes each. */
const MAX_KEYS = 50_000;

/** So many failures of a key at once, and so many more in each period. A success costs nothing. */
export class FailureBudget {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #spent = new RecentMap<{ readonly spent: number; readonly at: number }>(MAX_KEYS);

  /** @param periodMs time in which a whole budget comes back */
  constructor(burst: number, periodMs: number) {
    this.#burst = burst;
    this.#perMs = burst / periodMs;
  }

  /** Ms until there is room for one more failure; 0: there is. */
  wait(key: string, now: number): number {
    return Math.max(0, Math.ceil((this.#spentAt(key, now) + 1 - this.#burst) / this.#perMs));
  }

  /** `count` below 0 gives back. */
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
