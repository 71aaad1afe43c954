import type { Db } from '../../../../db/executor.ts';
import { listSessions, type NamedSessionRow } from '../../../../db/sessions.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { Id } from '../../../../protocol/events.ts';
import { Room } from '../../../../protocol/http/enrolments.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { Session, SessionPage, StartedSession, StartSessionBody, Ticket } from '../../../../protocol/http/sessions.ts';
import type { Tickets } from '../../../auth/tickets/tickets.ts';
import type { Clock } from '../../../clock.ts';
import { endIfRunning } from '../../../session/live/end-session.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import { sessionAnswer } from '../../../session/record/session-view.ts';
import { startSession } from '../../../session/live/start-session.ts';
import { findVisibleSession, noSession } from '../../../session/live/visible-session.ts';
import { REPLAYED } from '../../pipeline/idempotency-key.ts';
import { pageOf } from '../../lists/page.ts';
import { Reply, staffRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface SessionRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly tickets: Tickets;
  readonly clock: Clock;
}

const SessionQuery = PageQuery.extend({
  exam: Id.optional(),
  student: Id.optional(),
  status: Session.shape.status.optional(),
  level: Session.shape.riskLevel.optional(),
  room: Room.optional(),
});

export function sessionRoutes({ db, registry, tickets, clock }: SessionRouteParts): Route[] {
  const answer = (row: NamedSessionRow) => sessionAnswer(row, registry.find(row.id), clock());

  return [
    userRoute({
      method: 'POST',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Starts a session',
      description: 'One attempt at an exam.',
      answer: StartedSession,
      problems: ['not_found', 'exam_not_active', 'exam_outside_window', 'session_exists', 'rate_limited'],
      status: 201,
      idempotent: true,
      body: StartSessionBody,
      handle: async ({ body, who, idempotencyKey }) => {
        const { id, replayed } = await startSession({ db, clock }, who, body.examId, idempotencyKey);
        const started = {
          ...answer(await findVisibleSession(db, id, who)),
          serverTime: new Date(clock()).toISOString(),
        };
        return new Reply(201, started, replayed ? REPLAYED : {});
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Lists sessions',
      description: 'Newest first. Students see their own sessions only.',
      answer: SessionPage,
      query: SessionQuery,
      handle: async ({ query, who }) => {
        // Other students' sessions do not exist for a student, even when asked for.
        if (who.role === 'student' && query.student !== undefined && query.student !== who.userId)
          return pageOf([], query.limit, answer);
        const rows = await listSessions(db, { ...query, student: who.role === 'student' ? who.userId : query.student });
        return pageOf(rows, query.limit, answer);
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/sessions/:id',
      tag: 'Sessions',
      summary: 'Returns a session',
      answer: Session,
      params: PathId,
      handle: async ({ params, who }) => answer(await findVisibleSession(db, params.id, who)),
    }),
    userRoute({
      method: 'POST',
      path: '/api/sessions/:id/end',
      tag: 'Sessions',
      summary: 'Ends a session',
      description: 'Idempotent: ending an ended session returns it unchanged.',
      answer: Session,
      problems: ['session_not_live'],
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await findVisibleSession(db, params.id, who);
        // Ending is idempotent, so a lost response can be requested again.
        if (row.status !== 'ended') await endIfRunning(registry, row.id, who);
        return answer(await findVisibleSession(db, row.id, who));
      },
    }),
    userRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/sessions/:id/ticket',
      tag: 'Sessions',
      summary: 'Issues a ticket for the exam socket',
      description: 'Single use, valid for 30 s.',
      answer: Ticket,
      problems: ['session_over', 'rate_limited'],
      params: PathId,
      status: 201,
      handle: async ({ params, who }) => {
        const row = await findVisibleSession(db, params.id, who);
        if (row.student_id !== who.userId) throw noSession(row);
        if (row.status === 'ended') throw new ProtocolError('session_over', 'session has ended');
        return tickets.issue(who, 'exam', row.id);
      },
    }),
    staffRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/console/ticket',
      tag: 'Sessions',
      summary: 'Issues a ticket for the console socket',
      description: 'Single use, valid for 30 s.',
      answer: Ticket,
      problems: ['rate_limited'],
      status: 201,
      handle: async ({ who }) => tickets.issue(who, 'console', undefined),
    }),
  ];
}
