import { z } from 'zod';
import { LEVELS, SEVERITIES, SOURCES } from './event-types.ts';

/** ISO 8601 with an offset, such as `2026-01-01T10:00:00.000Z`. */
export const Timestamp = z.iso.datetime({ offset: true });

export const Id = z.uuid();

/** A stored event. HTTP, the exam socket and the console socket share this shape. */
export const Event = z.object({
  id: Id,
  sessionId: Id,
  seq: z.int().min(1).describe('Position in the session, from 1 without gaps; assigned by the server.'),
  type: z.string(),
  source: z.enum(SOURCES).describe('Origin of the claim: client, models, server or staff (rule E8).'),
  severity: z.enum(SEVERITIES),
  weight: z.number().describe('Contribution to the risk score.'),
  startedAt: Timestamp.describe('Server time; the time by the client clock is `details.clientAt`.'),
  endedAt: Timestamp.nullable().describe('Null while the incident is open.'),
  durationMs: z.int().min(0).nullable().describe('Milliseconds; null while the incident is open.'),
  confidence: z.number().min(0).max(1).nullable().describe('0..1; null if not estimated.'),
  details: z.record(z.string(), z.unknown()),
  review: z.enum(['confirmed', 'dismissed']).nullable().describe('Decision of a reviewer; null if undecided.'),
});
export type Event = z.infer<typeof Event>;

export const Risk = z.object({
  score: z.number().describe('Sum of event weights.'),
  rolling: z.number().describe('The same sum, decayed exponentially with the half-life of the policy.'),
  level: z.enum(LEVELS).describe('Follows `score`.'),
});
export type Risk = z.infer<typeof Risk>;
