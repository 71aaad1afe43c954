/** How a session's pictures arrive. */

export interface Arrival {
  /** This machine's clock, ms. */
  readonly at: number;
  /** The client's clock, ms; of use only against another one of the same client. */
  readonly capturedAt: number;
  readonly bytes: number;
}

export interface LinkQuality {
  /** Pictures a second over the last ten seconds. */
  readonly fps: number;
  /** KiB a second. */
  readonly rate: number;
  /**
   * How much later than the earliest the latest of them came, against when it was taken, ms. Clocks that differ do not
   * count.
   */
  readonly delay: number;
  readonly word: 'good' | 'fair' | 'poor' | 'none';
}

const WINDOW_MS = 10_000;
const FAIR_MS = 400;
const POOR_MS = 1500;

/** Pure: with one more arrival, without those that are too old to count. */
export const arrived = (arrivals: readonly Arrival[], next: Arrival): readonly Arrival[] => [
  ...arrivals.filter(({ at }) => at > next.at - WINDOW_MS),
  next,
];

/** Pure. */
export function linkQuality(arrivals: readonly Arrival[], now: number): LinkQuality {
  const recent = arrivals.filter(({ at }) => at > now - WINDOW_MS);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last) return { fps: 0, rate: 0, delay: 0, word: 'none' };
  const seconds = Math.max(1, (now - first.at) / 1000);
  const lags = recent.map(({ at, capturedAt }) => at - capturedAt);
  const delay = Math.round(Math.max(...lags) - Math.min(...lags));
  const silence = now - last.at;
  const worst = Math.max(delay, silence - 2000);
  return {
    fps: Math.round((recent.length / seconds) * 10) / 10,
    rate: Math.round(recent.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 / seconds),
    delay,
    word: worst > POOR_MS ? 'poor' : worst > FAIR_MS ? 'fair' : 'good',
  };
}
