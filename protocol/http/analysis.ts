import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { PageLimit, page } from './lists.ts';

/** Mean and standard deviation, degrees. */
const Spread = z.object({ mean: z.number(), deviation: z.number() });

/** What the frames of one minute showed. */
export const AnalysisMinute = z
  .object({
    /** Its beginning, server time. */
    minute: Timestamp,
    frames: z.object({
      received: z.int(),
      analysed: z.int(),
      /** Frames that were not looked at, by reason. */
      dropped: z.record(z.string(), z.int()),
    }),
    /** Analysed frames by the faces in them. */
    faces: z.object({ none: z.int(), one: z.int(), more: z.int() }),
    /** Of the largest face; null when it was never measured. */
    pose: z.object({ yaw: Spread, pitch: Spread }).nullable(),
    /** `known`: share of the analysed frames in which the eyes' direction was measured, 0..1. */
    gaze: z.object({ known: z.number(), yaw: Spread.nullable(), pitch: Spread.nullable() }),
    /** By type: how many began in this minute, and how long they lasted within it. */
    incidents: z.record(z.string(), z.object({ began: z.int(), seconds: z.number() })),
    /** Weights that looked, as `name@version`. */
    models: z.array(z.string()),
  })
  .meta({ id: 'AnalysisMinute' });
export type AnalysisMinute = z.infer<typeof AnalysisMinute>;

export const AnalysisPage = page(AnalysisMinute).extend({ sessionId: Id });

export const AnalysisQuery = z.object({
  /** `minute` of the last item of the page before. */
  cursor: Timestamp.optional(),
  limit: PageLimit,
});
