import { z } from 'zod';
import { findEnrolment } from '../../../../db/enrolments.ts';
import { type EventRow, listAttended, listEvents } from '../../../../db/events.ts';
import { findExam } from '../../../../db/exams.ts';
import type { Db } from '../../../../db/executor.ts';
import { listRescores } from '../../../../db/rescores.ts';
import { listReviews } from '../../../../db/reviews.ts';
import { findReviewWork } from '../../../../db/review-work.ts';
import { listAttempts, type NamedSessionRow } from '../../../../db/sessions.ts';
import { listSessionStaff } from '../../../../db/session-staff.ts';
import { type Tally, tallyEvents } from '../../../../db/tallies.ts';
import { findUser } from '../../../../db/users.ts';
import { listShownVerdicts } from '../../../../db/verdict-case.ts';
import { listVerdicts } from '../../../../db/verdicts.ts';
import {
  Attempt,
  MyAttempt,
  SuspiciousPage,
  SuspiciousQuery,
  type TypeTally,
} from '../../../../protocol/http/attempts.ts';
import type { Event } from '../../../../protocol/events.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { EventPage } from '../../../../protocol/http/sessions.ts';
import { noSession } from '../../../access/refused.ts';
import { readableSession, staffSession, studentSession } from '../../../access/session-access.ts';
import { checkInOfSession, myCheckInOfSession } from '../../../check-in/record.ts';
import type { Clock } from '../../../clock.ts';
import { rescoreView, reviewView, verdictView } from '../../../session/review/decision-views.ts';
import { isForStaff, toItsStudent as eventForStudent } from '../../../session/record/flag.ts';
import { eventView, undecidedEventView } from '../../../session/record/event-view.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import { reviewWorkView } from '../../../session/review/review-work-view.ts';
import { sessionAnswer, toItsStudent } from '../../../session/record/session-view.ts';
import { attentionOf } from '../../../session/rules/attended.ts';
import { findMyVerdict } from '../../../session/review/my-verdicts.ts';
import { listSuspects } from '../../../session/lists/by-attention.ts';
import { readmissionsOf } from '../../../session/live/readmissions.ts';
import { pageBy, pageTo } from '../../lists/page.ts';
import { staffRoute, type Route, userRoute } from '../../pipeline/route.ts';
import { decodeRankCursor, encodeRankCursor, listName } from '../../lists/rank-cursor.ts';
import { sizedRows } from '../../lists/sized-rows.ts';

export interface ProctoringRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly clock: Clock;
}

const EventsQuery = PageQuery.extend({ cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional() });

/** Maximum items of each list in one response. */
const MOST = 200;

/** An event as its student reads it; undefined before a verdict is released for what staff flag and keep. */
const forStudent =
  (released: boolean) =>
  (row: EventRow): Event | undefined =>
    released ? eventForStudent(eventView(row)) : isForStaff(row) ? undefined : undecidedEventView(row);

const tallyView = ({ type, count, weight, seconds }: Tally): TypeTally => ({ type, count, weight, seconds });

export function proctoringRoutes({ db, registry, clock }: ProctoringRouteParts): Route[] {
  const answer = (row: NamedSessionRow, at = clock()) => sessionAnswer(row, registry.find(row.id), at);

  async function eventPage(
    session: string,
    { afterSeq, limit, view }: { afterSeq: number; limit: number; view: (row: EventRow) => Event | undefined },
  ): Promise<z.infer<typeof EventPage>> {
    const { rows, hasMore } = await sizedRows<EventRow>(
      limit,
      (after, some) => listEvents(db, { session, afterSeq: after?.seq ?? afterSeq, limit: some }),
      ({ details }) => JSON.stringify(details).length,
    );
    const { items, nextCursor } = pageBy(rows, limit, view, ({ seq }) => String(seq), hasMore);
    return { items: items.filter((event) => event !== undefined), nextCursor };
  }

  const isReleased = async (session: string) => (await listShownVerdicts(db, [session])).size > 0;

  /** @param isHidden of types that are left out */
  const counts = async (session: string, isHidden: (type: string) => boolean = () => false) =>
    (await tallyEvents(db, [session]))
      .filter(({ type }) => !isHidden(type))
      .slice(0, MOST)
      .map(tallyView);

  return [
    userRoute({
      method: 'GET',
      path: '/api/proctoring/attempt/:id/events',
      tag: 'Proctoring',
      summary: 'Lists events of a session',
      description: 'In session order. To its student, decisions about events are shown once a verdict is released.',
      answer: EventPage,
      params: PathId,
      query: EventsQuery,
      handle: async ({ params, query, who }) => {
        const row = await readableSession(db, params.id, who);
        const view = row.student_id === who.userId ? forStudent(await isReleased(row.id)) : eventView;
        return eventPage(row.id, { afterSeq: query.cursor ?? 0, limit: query.limit, view });
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/proctoring/my-attempt/:id',
      tag: 'Proctoring',
      summary: "Returns the caller's own session record",
      description:
        'Session, event counts, events and the verdict that was released last. Decisions about events are shown once a verdict is released.',
      answer: MyAttempt,
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await studentSession(db, params.id, who);
        const exam = await findExam(db, row.exam_id);
        const verdict = await findMyVerdict(db, row);
        return {
          session: toItsStudent(answer(row), verdict !== null),
          exam: { id: row.exam_id, title: exam?.title ?? '' },
          counts: await counts(row.id, (type) => !verdict && isForStaff({ type, source: 'proctor' })),
          events: await eventPage(row.id, { afterSeq: 0, limit: MOST, view: forStudent(verdict !== null) }),
          verdict,
          checkIn: await myCheckInOfSession(db, row.id, row.policy),
        };
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/proctoring/attempt/:id',
      tag: 'Proctoring',
      summary: 'Returns a session with events, reviews and verdicts',
      description:
        "At most 200 of each, with event counts by type, rescores, and the student's other attempts at the exam.",
      answer: Attempt,
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await staffSession(db, params.id, who, 'read');
        const [student, exam] = [await findUser(db, row.student_id), await findExam(db, row.exam_id)];
        if (!student || !exam) throw noSession();
        const verdicts = (await listVerdicts(db, row.id, MOST)).map(verdictView);
        const work = await findReviewWork(db, row.id);
        return {
          session: answer(row),
          student: {
            id: student.id,
            name: student.name,
            email: student.email,
            studentNumber: student.student_number,
            seat: (await findEnrolment(db, row.exam_id, row.student_id))?.seat ?? null,
          },
          exam: { id: exam.id, title: exam.title, status: exam.status, policyVersion: exam.policy_version },
          counts: await counts(row.id),
          reviews: (await listReviews(db, { session: row.id }, { limit: MOST })).map(reviewView),
          rescores: (await listRescores(db, row.id, MOST)).map(rescoreView),
          verdicts,
          verdict: verdicts[0] ?? null,
          attempts: (await listAttempts(db, row.exam_id, row.student_id, MOST)).map((one) => answer(one)),
          readmissions: await readmissionsOf({ db }, row.id),
          attention: attentionOf(row.policy, await listAttended(db, row.id)),
          ...(work && { review: reviewWorkView(work) }),
          staff: [...(await listSessionStaff(db, row.id))],
          checkIn: await checkInOfSession(db, row.id),
        };
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/proctoring/suspicious',
      tag: 'Proctoring',
      summary: 'Lists sessions by attention',
      description:
        'Highest first, with event counts as reasons. By default those above calm, and those of reviewed level Medium and above.',
      answer: SuspiciousPage,
      query: SuspiciousQuery,
      handle: async ({ query: { exam, level, cursor, limit }, who }) => {
        const list = listName({ suspicious: true, exam, level });
        const now = clock();
        const after = cursor === undefined ? undefined : decodeRankCursor(cursor, list);
        const at = Math.min(now, after?.at ?? now);
        const { rows, next } = await listSuspects(db, { exam, level, seenBy: who }, { after, limit, at });
        const tallies = await tallyEvents(
          db,
          rows.map((row) => row.id),
          { counted: true },
        );
        const reasonsOf = new Map<string, TypeTally[]>(rows.map((row) => [row.id, []]));
        for (const tally of tallies) {
          const reasons = reasonsOf.get(tally.session_id)!;
          if (reasons.length < MOST) reasons.push(tallyView(tally));
        }
        const view = (row: (typeof rows)[number]) => ({
          session: answer(row, at),
          exam: { id: row.exam_id, title: row.exam_title },
          reasons: reasonsOf.get(row.id) ?? [],
        });
        return pageTo(rows, view, next && encodeRankCursor({ ...next, at }, list));
      },
    }),
  ];
}
