import { z } from 'zod';
import { LEVELS, SEVERITIES, SOURCES } from './event-types.ts';

/** ISO 8601 with an offset, for example `2026-01-01T10:00:00.000Z`. */
export const Timestamp = z.iso.datetime({ offset: true });

export const Id = z.uuid();

/** A stored event, as it is shown everywhere: HTTP, exam socket, console socket. */
export const Event = z.object({
  id: Id,
  sessionId: Id,
  /** Position in the session, from 1, without holes; given by the server. */
  seq: z.int().min(1),
  type: z.string(),
  source: z.enum(SOURCES),
  severity: z.enum(SEVERITIES),
  weight: z.number(),
  /** Server time. What the client's clock said is in `details.clientAt`. */
  startedAt: Timestamp,
  /** Null while the incident lasts. */
  endedAt: Timestamp.nullable(),
  durationMs: z.int().min(0).nullable(),
  /** 0..1; null where nothing was estimated. */
  confidence: z.number().min(0).max(1).nullable(),
  details: z.record(z.string(), z.unknown()),
  review: z.enum(['confirmed', 'dismissed']).nullable(),
});
export type Event = z.infer<typeof Event>;

/** `score`: plain sum of weights. `rolling`: exponentially decayed sum. `level` follows `score`. */
export const Risk = z.object({
  score: z.number(),
  rolling: z.number(),
  level: z.enum(LEVELS),
});
export type Risk = z.infer<typeof Risk>;
