import { z } from 'zod';
import { SessionAccommodations } from '../accommodations.ts';
import { Attention } from '../attention.ts';
import { LEVELS } from '../event-types.ts';
import { Id, Timestamp } from '../events.ts';
import { CheckInPictureKind } from './check-in-terms.ts';
import { page } from './lists.ts';
import { ReadmissionKind } from './readmissions.ts';
import { Person, Verdict } from './reviews.ts';
import { Session } from './sessions.ts';

/** Results of an exam: its sessions with decisions, to read and as files. */

export const RESULT_LIMITS = {
  /** Rows of an XLSX file, which is written in memory: sessions, and students without one. */
  xlsxSessions: 20_000,
} as const;

export const IncidentCount = z.object({
  type: z.string(),
  count: z.int(),
  /** Total duration. */
  seconds: z.number(),
  /** Of the count, those that a review dismissed. */
  dismissed: z.int(),
});

const AttentionLevel = Attention.pick({ value: true, level: true });

const StaffAct = z.object({
  at: Timestamp,
  by: Person.nullable().describe('Null: a deleted account.'),
  reason: z.string(),
});

export const Result = z
  .object({
    sessionId: Id,
    studentId: Id,
    studentName: z.string(),
    studentEmail: z.string(),
    studentNumber: z.string().nullable(),
    externalId: z.string().nullable(),
    attempt: z.int(),
    room: z.string().nullable(),
    seat: z.string().nullable().describe('Of the enrolment as it is now.'),
    startedAt: Timestamp,
    endedAt: Timestamp.nullable(),
    deadline: Timestamp.nullable(),
    extraMinutes: z.int().describe('Of the accommodations and of proctors, who extended the session.'),
    status: Session.shape.status,
    endReason: z.string().nullable(),
    riskScore: z.number(),
    riskLevel: z.enum(LEVELS),
    reviewedScore: z.number().describe('Without dismissed events.'),
    reviewedLevel: z.enum(LEVELS),
    attention: AttentionLevel.describe('Highest of the session, of all events.'),
    reviewedAttention: AttentionLevel.describe('Without dismissed events.'),
    seen: z.boolean().describe('Whether anything came from the exam page: without it, attention says nothing.'),
    gaps: IncidentCount.pick({ count: true, seconds: true }).describe('Losses of the connection.'),
    incidents: z.array(IncidentCount).describe('Incidents and signals by type; most weight first.'),
    verdict: z
      .object({ verdict: Verdict.shape.verdict, reason: z.string(), by: Person, at: Timestamp })
      .nullable()
      .describe('The newest, which counts.'),
    accommodations: SessionAccommodations.nullable(),
    terminations: z.array(StaffAct).describe('By staff, oldest first; also those before a readmission.'),
    readmissions: z
      .array(StaffAct.extend({ kind: ReadmissionKind, extraMinutes: z.int() }))
      .describe('Those that follow the session or led to it, without withdrawn ones, oldest first.'),
    checkIn: StaffAct.extend({
      shown: z.array(CheckInPictureKind),
      missing: z.array(CheckInPictureKind),
    })
      .nullable()
      .optional()
      .describe(
        'Who admitted the student, and what was shown; null: it began without a check-in. Absent from older servers.',
      ),
  })
  .meta({ id: 'Result' });
export type Result = z.infer<typeof Result>;
export const ResultPage = page(Result);
