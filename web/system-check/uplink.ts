/** Default policy: 2 frames a second of 38 KB (640 pixels, quality 0.8; docs/sdk.md), bytes per second. */
const NEEDED = 2 * 38_000;
/** Slowest line on which an exam was tried (docs/sdk.md), bytes per second. */
const LEAST = 8_000;

export interface Uplink {
  readonly bytesPerSecond: number;
  readonly verdict: 'enough' | 'reduced' | 'too_slow';
}

/** Pure. */
export const judgeUplink = (bytesPerSecond: number): Uplink => ({
  bytesPerSecond,
  verdict: bytesPerSecond >= NEEDED ? 'enough' : bytesPerSecond >= LEAST ? 'reduced' : 'too_slow',
});

/** Counts of a server that acknowledges every message, and when they arrived. */
export interface Receipt {
  /** Bytes so far. */
  readonly bytes: number;
  /** Monotonic, ms. */
  readonly at: number;
}

/**
 * Pure: rate between the first receipt and the last, so that the round trip does not count; without a second one, from
 * the start. Undefined without a receipt in a shorter time than tells anything.
 * @param startedAt when the first byte was sent @param endedAt when the measurement ended, monotonic ms
 */
export function uplinkRate(receipts: readonly Receipt[], startedAt: number, endedAt: number): number | undefined {
  const [first] = receipts;
  const last = receipts.at(-1);
  if (!first || !last) return endedAt - startedAt >= MIN_MS ? 0 : undefined;
  const ms = last.at - first.at;
  if (last.bytes > first.bytes && ms > 0) return ((last.bytes - first.bytes) / ms) * 1000;
  return (last.bytes / Math.max(1, endedAt - startedAt)) * 1000;
}

/** Silence of this length is a line on which hardly anything moves, ms. */
const MIN_MS = 3000;
