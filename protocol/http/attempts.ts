import { z } from 'zod';
import { Attention } from '../attention.ts';
import { LEVELS } from '../event-types.ts';
import { Id } from '../events.ts';
import { CheckInRecord } from './check-in.ts';
import { ExamStatus } from './exams.ts';
import { PageLimit } from './lists.ts';
import { Readmission } from './readmissions.ts';
import { ReviewWork } from './review-work.ts';
import { Person, Rescore, Review, Verdict } from './reviews.ts';
import { EventPage, Session } from './sessions.ts';

/** One session ("attempt" in these paths) with its results. */

/** Events of one type. `seconds`: total duration. */
export const TypeTally = z
  .object({ type: z.string(), count: z.int(), weight: z.number(), seconds: z.number() })
  .meta({ id: 'TypeTally' });
export type TypeTally = z.infer<typeof TypeTally>;

/** View of the student. Further events: `/api/proctoring/attempt/{id}/events`. */
export const MyAttempt = z
  .object({
    session: Session,
    exam: z.object({ id: Id, title: z.string() }),
    counts: z.array(TypeTally),
    events: EventPage,
    verdict: Verdict.omit({ by: true })
      .extend({ by: Person.nullable().describe('Null: the policy hides names of staff.') })
      .nullable()
      .describe('The verdict that was released last, or that the outcome of an appeal gave; null if there is none.'),
    checkIn: CheckInRecord.nullable().optional().describe('Null: it began without one. Absent from older servers.'),
  })
  .meta({ id: 'MyAttempt' });

/** View of staff. Reviews, rescores and verdicts: the 200 newest, newest first. */
export const Attempt = z
  .object({
    session: Session,
    student: z.object({
      id: Id,
      name: z.string(),
      email: z.string(),
      studentNumber: z.string().nullable().optional().describe('Absent from older servers.'),
      seat: z.string().nullable().optional().describe('Of the enrolment as it is now; absent from older servers.'),
    }),
    exam: z.object({ id: Id, title: z.string(), status: ExamStatus, policyVersion: z.int() }),
    counts: z.array(TypeTally),
    reviews: z.array(Review),
    rescores: z.array(Rescore),
    verdicts: z.array(Verdict),
    verdict: Verdict.nullable(),
    /** All attempts of the student at the exam, newest first, this one included. */
    attempts: z.array(Session),
    /** Readmissions that follow the session or led to it, oldest first. */
    readmissions: z.array(Readmission),
    attention: z
      .object({ all: Attention, reviewed: Attention })
      .optional()
      .describe('Highest of the session: of all events, and excluding dismissed ones. Absent from older servers.'),
    review: ReviewWork.optional().describe('Absent from older servers.'),
    /** Staff whose ids the events of the session name. */
    staff: z.array(Person).optional(),
    checkIn: CheckInRecord.nullable().optional().describe('Null: it began without one. Absent from older servers.'),
  })
  .meta({ id: 'Attempt' });

export const SuspiciousQuery = z.object({
  exam: Id.optional(),
  level: z.enum(LEVELS).optional().describe('Lowest level of the reviewed score, whatever the attention.'),
  /** `nextCursor` of the previous page. */
  cursor: z.string().max(200).optional(),
  limit: PageLimit,
});

export const SuspiciousPage = z.object({
  items: z.array(
    z
      .object({
        session: Session,
        exam: z.object({ id: Id, title: z.string() }),
        /** Parts of the reviewed score, largest weight first. */
        reasons: z.array(TypeTally),
      })
      .meta({ id: 'Suspicion' }),
  ),
  nextCursor: z.string().nullable(),
});
