import type { Clock } from '../../clock.ts';

interface Kept<T> {
  readonly value: T;
  /** Server time, ms. */
  readonly until: number;
}

/** Values in memory that expire; the oldest is evicted when there are too many. */
export class Expiring<T> {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #most: number;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Clock, lifeMs: number, most: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.#most = most;
  }

  set(key: string, value: T): void {
    const now = this.#clock();
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: now + this.#lifeMs });
    // Values expire in insertion order.
    for (const [old, { until }] of this.#kept) {
      if (until > now && this.#kept.size <= this.#most) break;
      this.#kept.delete(old);
    }
  }

  get(key: string): T | undefined {
    const kept = this.#kept.get(key);
    return kept && kept.until > this.#clock() ? kept.value : undefined;
  }

  /** Removes the value and returns it. */
  take(key: string): T | undefined {
    const value = this.get(key);
    this.#kept.delete(key);
    return value;
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}
