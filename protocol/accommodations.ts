import { z } from 'zod';
import { HoldSeconds, type Policy, Weights } from './policy.ts';

const HOLDS: Record<keyof Policy['holds'], typeof HoldSeconds> = {
  noFace: HoldSeconds,
  lookingAway: HoldSeconds,
  cameraCovered: HoldSeconds,
  frozenVideo: HoldSeconds,
  noFrame: HoldSeconds,
};

/** Changes of the policy for one student. Strict, so that a misspelt accommodation is an error and not silently ignored. */
export const DetectionChanges = z
  .strictObject({
    /** False disables gaze; true leaves it to the policy. */
    gaze: z.boolean().optional(),
    /** Seconds; override the holds of the policy. */
    holds: z.strictObject(HOLDS).partial().optional(),
    /** Override the weights of the policy: 0 for expected events, such as a second person who reads aloud. */
    weights: Weights.optional(),
  })
  .meta({ id: 'DetectionChanges' });
export type DetectionChanges = z.infer<typeof DetectionChanges>;

/** Differences of one session from the others of its exam. */
export const Accommodations = z
  .object({
    /** Minutes added to the student's duration and to the end of the exam's window. */
    extraMinutes: z
      .int()
      .min(0)
      .max(24 * 60),
    detection: DetectionChanges,
  })
  .meta({ id: 'Accommodations' });
export type Accommodations = z.infer<typeof Accommodations>;
