import type { Face } from '../jobs.ts';

/** Minimum score of a face, chosen on the figures in CARD.md. */
export const THRESHOLD = 0.65;
/** Minimum score of a candidate that is worth a second look, on a larger canvas. */
export const UNSURE = 0.4;

/**
 * One sure face and no other candidate, or none at all, is the answer. Anything else is a second person, somebody far
 * away, or an object, which more pixels tell apart.
 * @param found candidates from `UNSURE` on, overlapping ones suppressed
 */
export function needsWideLook(found: readonly Pick<Face, 'score'>[]): boolean {
  return found.length > 1 || (found.length === 1 && found[0]!.score < THRESHOLD);
}
