/** Minutes before the deadline at which the student is warned. */
export const WARNINGS_MIN = [10, 5, 1] as const;

/**
 * Pure: the warning that became due between two readings of the time left, in minutes; after a gap the latest one. A
 * first reading gives none: a student who comes back sees the countdown.
 * @param before ms; undefined for the first reading
 */
export function dueWarning(before: number | undefined, now: number): number | undefined {
  if (before === undefined || now <= 0) return undefined;
  return WARNINGS_MIN.findLast((minutes) => before > minutes * 60_000 && now <= minutes * 60_000);
}
