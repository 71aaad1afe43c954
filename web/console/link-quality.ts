/** Quality of a session's connection, measured on the images that arrive. */

export interface Arrival {
  /** This machine's clock, ms. */
  readonly at: number;
  /** The client's clock, ms; comparable only within one client. */
  readonly capturedAt: number;
  readonly bytes: number;
}

export interface LinkQuality {
  /** Images per second over the last ten seconds. */
  readonly fps: number;
  /** KiB per second. */
  readonly rate: number;
  /** Largest minus smallest transport delay, ms; independent of clock differences. */
  readonly delay: number;
  readonly grade: 'good' | 'fair' | 'poor' | 'none';
}

const WINDOW_MS = 10_000;
const FAIR_MS = 400;
const POOR_MS = 1500;

/** Pure: adds an arrival and drops those outside the window. */
export const arrived = (arrivals: readonly Arrival[], next: Arrival): readonly Arrival[] => [
  ...arrivals.filter(({ at }) => at > next.at - WINDOW_MS),
  next,
];

/** Pure. */
export function linkQuality(arrivals: readonly Arrival[], now: number): LinkQuality {
  const recent = arrivals.filter(({ at }) => at > now - WINDOW_MS);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last) return { fps: 0, rate: 0, delay: 0, grade: 'none' };
  const seconds = Math.max(1, (now - first.at) / 1000);
  const lags = recent.map(({ at, capturedAt }) => at - capturedAt);
  const delay = Math.round(Math.max(...lags) - Math.min(...lags));
  const silence = now - last.at;
  const worst = Math.max(delay, silence - 2000);
  return {
    fps: Math.round((recent.length / seconds) * 10) / 10,
    rate: Math.round(recent.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 / seconds),
    delay,
    grade: worst > POOR_MS ? 'poor' : worst > FAIR_MS ? 'fair' : 'good',
  };
}
