import { createHistogram } from 'node:perf_hooks';
import type { Spread } from './report/percentile.ts';

const NONE: Spread = { count: 0, p50: null, p95: null, p99: null, max: null };
const US_A_MS = 1000;

/** Histogram of durations with three significant digits: constant memory for any number of values. */
export class Latencies {
  readonly #counts = createHistogram({ lowest: 1, highest: 3_600_000 * US_A_MS, figures: 3 });

  /** @param ms at most an hour; less than a microsecond counts as one */
  record(ms: number): void {
    this.#counts.record(Math.max(1, Math.round(ms * US_A_MS)));
  }

  get count(): number {
    return this.#counts.count;
  }

  /** ms */
  spread(): Spread {
    const counts = this.#counts;
    if (counts.count === 0) return NONE;
    const at = (p: number) => counts.percentile(p) / US_A_MS;
    return { count: counts.count, p50: at(50), p95: at(95), p99: at(99), max: counts.max / US_A_MS };
  }

  reset(): void {
    this.#counts.reset();
  }
}
