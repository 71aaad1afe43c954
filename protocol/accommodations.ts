import { z } from 'zod';
import { HoldSeconds, type Policy, Weights } from './policy.ts';

const HOLDS: Record<keyof Policy['holds'], typeof HoldSeconds> = {
  noFace: HoldSeconds,
  lookingAway: HoldSeconds,
  cameraCovered: HoldSeconds,
  frozenVideo: HoldSeconds,
  noFrame: HoldSeconds,
};

/**
 * What of the policy is different for one student. Strict: a misspelt accommodation must not be none without a word.
 */
export const DetectionChanges = z
  .strictObject({
    /** False: the eyes are not looked at. True leaves it as the policy says. */
    gaze: z.boolean().optional(),
    /** Seconds, in place of the policy's. */
    holds: z.strictObject(HOLDS).partial().optional(),
    /**
     * In place of the policy's: 0 for what is expected of this student, somebody who reads aloud beside them for one.
     */
    weights: Weights.optional(),
  })
  .meta({ id: 'DetectionChanges' });
export type DetectionChanges = z.infer<typeof DetectionChanges>;

/** What one session differs in from the others of its exam. */
export const Accommodations = z
  .object({
    /** Minutes, on the student's own time and on the end of the exam's window. */
    extraMinutes: z
      .int()
      .min(0)
      .max(24 * 60),
    detection: DetectionChanges,
  })
  .meta({ id: 'Accommodations' });
export type Accommodations = z.infer<typeof Accommodations>;
