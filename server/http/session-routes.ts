import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { listEvents } from '../../db/events.ts';
import { type ExamRow, findExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { findRunningSession, findSession, insertSession, listSessions, type NamedSessionRow } from '../../db/sessions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { Id } from '../../protocol/events.ts';
import { PageQuery, PathId } from '../../protocol/http/lists.ts';
import { EventPage, Session, SessionPage, StartSessionBody, Ticket } from '../../protocol/http/sessions.ts';
import type { Tickets } from '../auth/tickets.ts';
import type { Principal } from '../auth/tokens.ts';
import type { Clock } from '../clock.ts';
import { eventView } from '../session/event-view.ts';
import type { Registry } from '../session/registry.ts';
import { sessionAnswer } from '../session/session-view.ts';
import { pageOf } from './page.ts';
import { roleRoute, type Route, userRoute } from './route.ts';

export interface SessionRouteParts {
  readonly db: Db;
  readonly registry: Registry;
  readonly tickets: Tickets;
  readonly clock: Clock;
}

const SessionQuery = PageQuery.extend({ exam: Id.optional(), student: Id.optional() });
const EventsQuery = PageQuery.extend({ cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional() });

const noSession = () => new ProtocolError('not_found', 'there is no such session');

/** An exam that cannot be sat now says why; one that a student may not see does not exist. */
function checkOpen(exam: ExamRow | undefined, now: number): ExamRow {
  if (!exam || exam.status === 'draft' || exam.status === 'archived') throw new ProtocolError('not_found', 'there is no such exam');
  if (exam.status !== 'active') throw new ProtocolError('exam_not_active', `the exam is ${exam.status}`);
  const early = exam.starts_at && now < exam.starts_at.getTime();
  const late = exam.ends_at && now >= exam.ends_at.getTime();
  if (early || late) throw new ProtocolError('exam_outside_window', early ? 'the exam has not begun' : 'the exam is over', { retryable: Boolean(early) });
  return exam;
}

/** The earlier of the student's own time and the end of the exam's window. */
function deadlineOf(exam: ExamRow, now: number): Date | null {
  const ends = [exam.ends_at?.getTime(), exam.duration_minutes == null ? undefined : now + exam.duration_minutes * 60_000].filter((at) => at !== undefined);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

export function sessionRoutes({ db, registry, tickets, clock }: SessionRouteParts): Route[] {
  /** Somebody else's session does not exist. */
  async function visible(id: string, who: Principal): Promise<NamedSessionRow> {
    const row = await findSession(db, id);
    if (!row || (who.role === 'student' && row.student_id !== who.userId)) throw noSession();
    return row;
  }

  async function endIfRunning(id: string): Promise<void> {
    try {
      await (await registry.open(id)).end('ended');
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === 'session_over')) throw error;
    }
  }

  const answer = (row: NamedSessionRow) => sessionAnswer(row, registry.find(row.id), clock());

  return [
    userRoute({
      method: 'POST',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Starts an attempt at an exam',
      answer: Session,
      problems: ['not_found', 'exam_not_active', 'exam_outside_window', 'session_exists'],
      status: 201,
      body: StartSessionBody,
      handle: async ({ body, who }) => {
        const now = clock();
        const exam = checkOpen(await findExam(db, body.examId), now);
        const row = await insertSession(db, {
          id: uuidv7(),
          exam_id: exam.id,
          student_id: who.userId,
          policy: exam.policy,
          policy_version: exam.policy_version,
          started_at: new Date(now),
          deadline: deadlineOf(exam, now),
        });
        if (row) return answer(await visible(row.id, who));
        const first = await findRunningSession(db, exam.id, who.userId);
        throw new ProtocolError('session_exists', 'there is a running attempt at this exam', first ? { ref: first.id } : {});
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Sessions, newest first; a student sees their own',
      answer: SessionPage,
      query: SessionQuery,
      handle: async ({ query, who }) => {
        const student = who.role === 'student' ? who.userId : query.student;
        const rows = await listSessions(db, { exam: query.exam, student, cursor: query.cursor, limit: query.limit });
        return pageOf(rows, query.limit, answer);
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/sessions/:id',
      tag: 'Sessions',
      summary: 'One session',
      answer: Session,
      params: PathId,
      handle: async ({ params, who }) => answer(await visible(params.id, who)),
    }),
    userRoute({
      method: 'POST',
      path: '/api/sessions/:id/end',
      tag: 'Sessions',
      summary: 'Ends a session; once it is over, answers the same again',
      answer: Session,
      problems: ['session_not_live'],
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await visible(params.id, who);
        // Ending twice is no error: an answer that was lost can be asked for again.
        if (row.status !== 'ended') await endIfRunning(row.id);
        return answer(await visible(row.id, who));
      },
    }),
    userRoute({
      method: 'POST',
      path: '/api/sessions/:id/ticket',
      tag: 'Sessions',
      summary: 'Admission to the exam socket, for 30 s and one use',
      answer: Ticket,
      problems: ['session_over'],
      params: PathId,
      status: 201,
      handle: async ({ params, who }) => {
        const row = await visible(params.id, who);
        if (row.student_id !== who.userId) throw noSession();
        if (row.status === 'ended') throw new ProtocolError('session_over', 'this session is over');
        return tickets.issue(who, 'exam', row.id);
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/proctoring/attempt/:id/events',
      tag: 'Proctoring',
      summary: 'Events of a session, in its order',
      answer: EventPage,
      params: PathId,
      query: EventsQuery,
      handle: async ({ params, query, who }) => {
        const row = await visible(params.id, who);
        const rows = await listEvents(db, { session: row.id, afterSeq: query.cursor ?? 0, limit: query.limit });
        const nextCursor = rows.length === query.limit ? String(rows.at(-1)?.seq) : null;
        return { items: rows.map(eventView), nextCursor };
      },
    }),
    roleRoute(['proctor', 'admin'], {
      method: 'POST',
      path: '/api/console/ticket',
      tag: 'Sessions',
      summary: 'Admission to the console socket, for 30 s and one use',
      answer: Ticket,
      status: 201,
      handle: ({ who }) => Promise.resolve(tickets.issue(who, 'console', undefined)),
    }),
  ];
}
