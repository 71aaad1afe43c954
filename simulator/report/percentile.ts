/** Ascending copy. */
export const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/**
 * Nearest-rank percentile: the smallest value that at least `p` % of all values do not exceed.
 * @param ascending sorted values; `p` 0 < p <= 100
 * @returns null for no values
 */
export function percentile(ascending: readonly number[], p: number): number | null {
  return ascending[Math.max(0, Math.ceil((p / 100) * ascending.length) - 1)] ?? null;
}

export const median = (values: readonly number[]): number | null => percentile(sorted(values), 50);

export interface Spread {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** In the unit of the values. */
export function spread(values: readonly number[]): Spread {
  const ascending = sorted(values);
  const at = (p: number) => percentile(ascending, p);
  return { count: ascending.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}
