import { z } from 'zod';
import { Id } from './events.ts';
import { NOTE_BYTES } from './note-bytes.ts';
import { HoldSeconds, type Policy, Weights } from './policy.ts';
import { lines } from './text.ts';

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
    /**
     * False: no head turns are asked for. Absent with `gaze: false`: only proctors ask for them. True leaves them to the
     * policy.
     */
    challenges: z.boolean().optional(),
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

const BreakMinutes = z
  .int()
  .min(0)
  .max(24 * 60);

/** Terms of an accommodation profile. Strict, so that a misspelt accommodation is an error and not silently ignored. */
export const AccommodationTerms = z
  .strictObject({
    extraMinutes: Accommodations.shape.extraMinutes.default(0).describe('Minutes of extra time.'),
    extraPercent: z
      .int()
      .min(0)
      .max(400)
      .default(0)
      .describe(
        'Extra time in per cent of the duration, or of the window of an exam without one, rounded up to whole minutes. Not together with `extraMinutes`.',
      ),
    detection: DetectionChanges.default({}).describe(
      "Applied where it favours the student over the exam's policy: gaze off, no head turns, longer holds, lower weights.",
    ),
    breakMinutes: BreakMinutes.default(0).describe('Minutes of breaks, in total. Shown to staff; not enforced.'),
    headCovering: z.boolean().default(false).describe('The student wears a head covering: not an incident.'),
    note: lines(NOTE_BYTES)
      .nullable()
      .default(null)
      .describe(
        `For proctors, at most ${NOTE_BYTES} bytes in UTF-8. No diagnosis: proctors need the effect, not the cause.`,
      ),
  })
  .refine(({ extraMinutes, extraPercent }) => extraMinutes === 0 || extraPercent === 0, {
    path: ['extraPercent'],
    message: 'must be 0 if extraMinutes is given',
  })
  .meta({ id: 'AccommodationTerms' });
export type AccommodationTerms = z.infer<typeof AccommodationTerms>;

/** As applied; not strict, so that clients ignore changes that they do not know. */
const AppliedChanges = z.object({
  gaze: z.boolean().optional(),
  challenges: z.boolean().optional(),
  holds: z.object(HOLDS).partial().optional(),
  weights: Weights.optional(),
});

/** Accommodations that a session started with, and the profile among them as it was then. */
export const SessionAccommodations = z.object({
  extraMinutes: z.int().min(0).describe('All extra minutes: of the enrolment and of the profile.'),
  detection: AppliedChanges.describe('Changes of the enrolment.'),
  profile: z
    .object({
      id: Id,
      name: z.string(),
      version: z.int().min(1),
      detection: AppliedChanges.describe('Changes of the profile, applied where they favour the student.'),
      breakMinutes: z.int().min(0).describe('Minutes of breaks, in total; not enforced.'),
      headCovering: z.boolean().describe('A head covering is not an incident.'),
      note: z.string().nullable().describe('For proctors; null in answers to students.'),
    })
    .optional()
    .describe('Accommodation profile; absent without one.'),
});
export type SessionAccommodations = z.infer<typeof SessionAccommodations>;

/** Whole minutes of a per cent of a time, rounded up. */
export const percentMinutes = (ms: number, percent: number): number => Math.ceil((ms * percent) / 6_000_000);
