/** How long to wait before the next attempt (rule C10): full jitter, so that a herd of clients spreads itself. */
export interface Backoff {
  /** Upper bound of the first wait, ms. */
  readonly minMs: number;
  /** Upper bound that the doubling stops at, ms. */
  readonly maxMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { minMs: 500, maxMs: 20_000 };

/** Longest wait before attempt number `attempt`, counted from 0; ms. */
export function ceiling(attempt: number, { minMs, maxMs }: Backoff = DEFAULT_BACKOFF): number {
  // 2 ** 1024 is Infinity, and Math.min copes with that: attempts are not limited.
  return Math.min(maxMs, minMs * 2 ** attempt);
}

/** A wait drawn evenly from 0 to the ceiling; `random` gives 0 <= x < 1. */
export function delay(attempt: number, random: () => number, backoff: Backoff = DEFAULT_BACKOFF): number {
  return random() * ceiling(attempt, backoff);
}
