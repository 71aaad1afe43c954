import type { Moment } from './moment.ts';

/** How much of a session the camera showed nothing that could be judged. Times are server ms. */
export interface Sight {
  /** Total so far, ms. */
  readonly unknownMs: number;
  /** When the last frame came, whether it could be judged or not; undefined before the first and after a gap. */
  readonly frameAt: number | undefined;
  /** First frame of those that could not be judged, since the last one that could. */
  readonly unknownFrom: number | undefined;
}

export const SIGHT: Sight = { unknownMs: 0, frameAt: undefined, unknownFrom: undefined };

/**
 * Takes one frame. Each speaks for half the interval to each side of it, as in `incident.ts`: one that cannot be judged
 * takes just its own share out of the time, so that with it or without it a condition has lasted equally long.
 */
export function takeFrame(sight: Sight, at: number, known: boolean): Sight {
  const interval = sight.frameAt === undefined ? 0 : Math.max(0, at - sight.frameAt);
  const share = (sight.unknownFrom === undefined ? 0 : 0.5) + (known ? 0 : 0.5);
  return {
    unknownMs: sight.unknownMs + share * interval,
    frameAt: Math.max(at, sight.frameAt ?? at),
    unknownFrom: known ? undefined : (sight.unknownFrom ?? at),
  };
}

/** Nothing is expected until the next frame. */
export const pause = (sight: Sight): Sight => ({ ...sight, frameAt: undefined, unknownFrom: undefined });

/** The moment of a frame that can be judged. */
export function momentOf(before: Sight, after: Sight, at: number): Moment {
  return { at, unknownMs: after.unknownMs, unknownFrom: before.unknownFrom };
}
