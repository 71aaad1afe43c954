/** Name in the details of a gap that lasted to the end of its session: what counts of its length, seconds. */
export const COUNTED = 'countedSeconds';

/**
 * What counts of a gap that lasted to the end of its session, ms. Whoever has answered everything closes the page, so
 * that a few minutes say nothing; half an exam that nobody saw does. The share of the exam's time enters squared: of
 * two hours, 3 minutes count for none, 20 for half a minute, 60 for a quarter of an hour.
 *
 * @param gapMs @param lengthMs time that the student had; undefined: without a deadline nobody was expected to stay
 */
export function countedOfLastGap(gapMs: number, lengthMs: number | undefined): number {
  if (lengthMs === undefined || lengthMs <= 0) return 0;
  return gapMs * Math.min(1, gapMs / lengthMs) ** 2;
}

/** The same from the details of a stored event, ms; undefined: all of it counts. */
export function countedIn(details: unknown): number | undefined {
  const seconds = (details as { readonly [COUNTED]?: unknown } | null)?.[COUNTED];
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
