import { z } from 'zod';
import { DEFAULT_WEIGHTS, UNKNOWN_WEIGHT } from './event-types.ts';
import { STORABLE_TEXT } from './storable.ts';

/** Seconds a condition must last. */
export const HoldSeconds = z.number().min(0).max(3600);
/** Weight by event type. */
export const Weights = z.record(z.string().max(64).regex(STORABLE_TEXT), z.number().min(0).max(100));

/** Days after the end of a session. */
const RetentionDays = z.int().min(1).max(3650);
const seconds = (value: number) => HoldSeconds.default(value);
const degrees = (value: number) => z.number().min(-90).max(90).default(value);

/** Events only, events and score, or neither. */
export const StudentView = z.enum(['events', 'score', 'none']);
export type StudentView = z.infer<typeof StudentView>;

/** Detection and risk settings of an exam. Copied into each session at its start, so edits affect no running session. */
export const Policy = z
  .object({
    /** Weight by event type; types not named here keep their default. */
    weights: Weights.default({})
      .transform((weights): Record<string, number> => ({ ...DEFAULT_WEIGHTS, ...weights }))
      // A transform alone has no JSON Schema for its output.
      .pipe(z.record(z.string(), z.number())),
    unknownWeight: z.number().min(0).max(100).default(UNKNOWN_WEIGHT),
    levels: z.object({ medium: z.number().default(5), high: z.number().default(10) }).prefault({}),
    /** Half-life of rolling risk. */
    halfLifeSeconds: z.number().min(1).max(86_400).default(300),
    frames: z
      .object({
        /** Frames per second requested from the client, and analysed by the server. */
        sendFps: z.number().min(0.1).max(15).default(2),
        analyseFps: z.number().min(0.1).max(15).default(1),
        maxWidth: z.int().min(64).max(1920).default(640),
        /** JPEG quality 0..1 as canvas encoders take it. */
        quality: z.number().min(0.1).max(1).default(0.8),
      })
      .prefault({}),
    /** Seconds a condition must last before its incident opens. */
    holds: z
      .object({
        noFace: seconds(3),
        lookingAway: seconds(3),
        cameraCovered: seconds(3),
        frozenVideo: seconds(10),
        noFrame: seconds(10),
      })
      .prefault({}),
    multipleFaces: z
      .object({
        /** Consecutive analysed frames. */
        frames: z.int().min(1).max(60).default(2),
        /** Minimum height of the second face, relative to the first. */
        minHeightRatio: z.number().min(0).max(1).default(0.3),
      })
      .prefault({}),
    /** Degrees relative to the calibrated baseline of the session. */
    pose: z.object({ yaw: degrees(25), pitchUp: degrees(25), pitchDown: degrees(-20) }).prefault({}),
    calibration: z
      .object({
        seconds: seconds(10),
        /** Maximum deviation of the baseline from straight ahead, degrees. */
        maxYaw: degrees(15),
        maxPitch: degrees(15),
      })
      .prefault({}),
    gaze: z
      .object({
        enabled: z.boolean().default(true),
        yaw: degrees(30),
        pitch: degrees(25),
        minConfidence: z.number().min(0).max(1).default(0.6),
      })
      .prefault({}),
    covered: z
      .object({
        /** Luma 0..255: covered if the mean or the standard deviation is lower. */
        luma: z.number().default(16),
        deviation: z.number().default(6),
      })
      .prefault({}),
    /** Parts of the record that the student's page shows during the exam. All of it is in their record after it. */
    studentView: StudentView.default('events'),
    retentionDays: RetentionDays.default(180),
    /** Encrypted pictures of incidents: the opening, the strongest and the last frame. */
    evidence: z
      .object({
        keep: z.boolean().default(true),
        /** Days after the end of the session; by default as long as the session itself. */
        retentionDays: RetentionDays.optional(),
      })
      .prefault({}),
  })
  .refine(({ evidence, retentionDays }) => (evidence.retentionDays ?? 0) <= retentionDays, {
    path: ['evidence', 'retentionDays'],
    message: 'must not be longer than retentionDays',
  });
export type Policy = z.infer<typeof Policy>;
/** Policy as written by the author of an exam; every field has a default. */
export type PolicyInput = z.input<typeof Policy>;

/** Days after the end of a session that its incident pictures are kept; null if the policy keeps none. */
export const evidenceDays = ({ evidence, retentionDays }: Policy): number | null =>
  evidence.keep ? (evidence.retentionDays ?? retentionDays) : null;
