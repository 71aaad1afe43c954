/** A time, with how much of the session until then nothing could be observed. */
export interface Moment {
  /** Server ms. */
  readonly at: number;
  /** Unknown time so far, ms. */
  readonly unknownMs: number;
  /** Server ms from which nothing was known until now; absent if the observation before was one. */
  readonly unknownFrom?: number | undefined;
}

/** Known time from one moment to the next, ms. None if the clock was set back. */
export const knownBetween = (from: Moment, to: Moment): number =>
  Math.max(0, to.at - from.at - Math.max(0, to.unknownMs - from.unknownMs));
