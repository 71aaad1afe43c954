import { z } from 'zod';
import { LEVELS } from '../event-types.ts';
import { Id } from '../events.ts';
import { ExamStatus } from './exams.ts';
import { PageLimit } from './lists.ts';
import { Rescore, Review, Verdict } from './reviews.ts';
import { EventPage, Session } from './sessions.ts';

/** One session ("attempt" in these paths) with all that was found. */

/** Events of one type. `seconds`: how long they lasted, together. */
export const TypeTally = z
  .object({ type: z.string(), count: z.int(), weight: z.number(), seconds: z.number() })
  .meta({ id: 'TypeTally' });
export type TypeTally = z.infer<typeof TypeTally>;

/** As the student sees it. The rest of the events: `/api/proctoring/attempt/{id}/events`. */
export const MyAttempt = z
  .object({
    session: Session,
    exam: z.object({ id: Id, title: z.string() }),
    counts: z.array(TypeTally),
    events: EventPage,
    /** The newest; null while nobody has judged. */
    verdict: Verdict.nullable(),
  })
  .meta({ id: 'MyAttempt' });

/** As staff see it. Of reviews, rescores and verdicts the 200 newest, newest first. */
export const Attempt = z
  .object({
    session: Session,
    student: z.object({ id: Id, name: z.string(), email: z.string() }),
    exam: z.object({ id: Id, title: z.string(), status: ExamStatus, policyVersion: z.int() }),
    counts: z.array(TypeTally),
    reviews: z.array(Review),
    rescores: z.array(Rescore),
    verdicts: z.array(Verdict),
    verdict: Verdict.nullable(),
  })
  .meta({ id: 'Attempt' });

export const SuspiciousQuery = z.object({
  exam: Id.optional(),
  /** Sessions of this level and above, by their reviewed score. */
  level: z.enum(LEVELS).default('Medium'),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: PageLimit,
});

export const SuspiciousPage = z.object({
  items: z.array(
    z
      .object({
        session: Session,
        exam: z.object({ id: Id, title: z.string() }),
        /** What the reviewed score is made of, largest weight first. */
        reasons: z.array(TypeTally),
      })
      .meta({ id: 'Suspicion' }),
  ),
  nextCursor: z.string().nullable(),
});
