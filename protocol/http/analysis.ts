import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { PageLimit, page } from './lists.ts';
import { StoredTime } from './stored-time.ts';

/** Mean and standard deviation, degrees. */
const Spread = z.object({ mean: z.number(), deviation: z.number() });

/** Analysis of the frames of one minute. */
export const AnalysisMinute = z
  .object({
    /** Start of the minute, server time. */
    minute: Timestamp,
    frames: z.object({
      received: z.int(),
      analysed: z.int(),
      /** Frames not analysed, by reason. */
      dropped: z.record(z.string(), z.int()),
    }),
    /** Analysed frames by number of faces. */
    faces: z.object({ none: z.int(), one: z.int(), more: z.int() }),
    /** Of the largest face; null if never measured. */
    pose: z.object({ yaw: Spread, pitch: Spread }).nullable(),
    /** `known`: share of the analysed frames with a measured gaze, 0..1. */
    gaze: z.object({ known: z.number(), yaw: Spread.nullable(), pitch: Spread.nullable() }),
    /** By type: incidents opened in this minute, and their duration within it. */
    incidents: z.record(z.string(), z.object({ began: z.int(), seconds: z.number() })),
    /** Models used, as `name@version`. */
    models: z.array(z.string()),
  })
  .meta({ id: 'AnalysisMinute' });
export type AnalysisMinute = z.infer<typeof AnalysisMinute>;

export const AnalysisPage = page(AnalysisMinute).extend({ sessionId: Id });

export const AnalysisQuery = z.object({
  /** `minute` of the last item of the previous page. */
  cursor: StoredTime.optional(),
  limit: PageLimit,
});
