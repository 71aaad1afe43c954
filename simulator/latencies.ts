import type { Spread } from './report/percentile.ts';

const NONE: Spread = { count: 0, p50: null, p95: null, p99: null, max: null };
const US_A_MS = 1000;
/** Each power of two has 2^10 buckets: an error of 0.1 %. Values below 2^11 microseconds have one each. */
const STEP_BITS = 10;

/** Counts by the lowest value of each bucket, microseconds, ascending. */
export type Buckets = readonly (readonly [us: number, count: number])[];

/**
 * Histogram of durations with three significant digits: bounded memory for any number of values. Histograms of several
 * processes can be added up, which their percentiles cannot.
 */
export class Latencies {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #max = 0;

  /** @param ms less than a microsecond counts as one */
  record(ms: number): void {
    const us = Math.max(1, Math.round(ms * US_A_MS));
    this.#add(bucketOf(us), 1);
    this.#max = Math.max(this.#max, us);
  }

  get count(): number {
    return this.#count;
  }

  /** For another process. */
  get buckets(): Buckets {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }

  /** The maximum is then that of its bucket. */
  add(buckets: Buckets): void {
    for (const [us, count] of buckets) {
      this.#add(bucketOf(us), count);
      this.#max = Math.max(this.#max, us);
    }
  }

  /** ms, nearest rank */
  spread(): Spread {
    if (this.#count === 0) return NONE;
    const { buckets } = this;
    const at = (p: number): number => {
      const rank = Math.max(1, Math.ceil((p / 100) * this.#count));
      let seen = 0;
      for (const [us, count] of buckets) if ((seen += count) >= rank) return us / US_A_MS;
      return this.#max / US_A_MS;
    };
    return { count: this.#count, p50: at(50), p95: at(95), p99: at(99), max: this.#max / US_A_MS };
  }

  reset(): void {
    this.#counts.clear();
    this.#count = 0;
    this.#max = 0;
  }

  #add(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += count;
  }
}

/** Lowest value of the bucket. */
function bucketOf(us: number): number {
  const width = 2 ** Math.max(0, Math.floor(Math.log2(us)) - STEP_BITS);
  return Math.floor(us / width) * width;
}
