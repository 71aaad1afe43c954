import { z } from 'zod';
import { Id, Timestamp } from '../events.ts';
import { StoredTime } from './stored-time.ts';
import { text } from './text.ts';

/** Permission of staff to sit an exam again after the attempts are used, the time is over or the session was terminated. */

/** `continue`: the same session, with its record and remaining time; `new`: the next attempt, with new time. */
export const READMISSION_KINDS = ['continue', 'new'] as const;
export const ReadmissionKind = z.enum(READMISSION_KINDS);
export type ReadmissionKind = z.infer<typeof ReadmissionKind>;

export const ReadmitBody = z.strictObject({
  kind: ReadmissionKind,
  reason: text(2000).describe('Recorded with the name of its author.'),
  extraMinutes: z
    .int()
    .min(0)
    .max(24 * 60)
    .default(0)
    .describe('Added to the remaining time, or to the duration of the new attempt.'),
  until: StoredTime.nullable()
    .default(null)
    .describe(
      "Latest end, in place of the end of the exam's window, also of attempts that follow without another readmission. Null: that.",
    ),
});
export type ReadmitBody = z.output<typeof ReadmitBody>;

export const Readmission = z
  .object({
    id: Id,
    /** Ended session that it follows. */
    sessionId: Id,
    examId: Id,
    studentId: Id,
    kind: ReadmissionKind,
    reason: z.string(),
    extraMinutes: z.int(),
    until: Timestamp.nullable(),
    by: z.object({ id: Id, name: z.string(), email: z.string().optional() }),
    at: Timestamp,
    usedAt: Timestamp.nullable(),
    /** Session started or continued with it. */
    usedSessionId: Id.nullable(),
    withdrawnAt: Timestamp.nullable(),
  })
  .meta({ id: 'Readmission' });
export type Readmission = z.infer<typeof Readmission>;

export const Readmissions = z.object({ items: z.array(Readmission) });
