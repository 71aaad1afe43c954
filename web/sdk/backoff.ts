/** Delay before the next attempt (rule C10), with full jitter, so that many clients spread out. */
export interface Backoff {
  /** Upper bound of the first delay, ms. */
  readonly minMs: number;
  /** Upper bound of every delay, ms. */
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { minMs: 500, maxMs: 20_000 };

/** Upper bound of the delay before attempt number `attempt`, from 0; ms. */
export function ceiling(attempt: number, { minMs, maxMs }: Backoff = DEFAULT_BACKOFF): number {
  // 2 ** 1024 is Infinity, which Math.min handles: attempts are not limited.
  return Math.min(maxMs, minMs * 2 ** attempt);
}

/** Delay drawn uniformly from 0 to the ceiling, ms; `random` returns 0 <= x < 1. */
export function delay(attempt: number, random: () => number, backoff: Backoff = DEFAULT_BACKOFF): number {
  return random() * ceiling(attempt, backoff);
}
