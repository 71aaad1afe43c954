import type { Db } from '../../../../db/executor.ts';
import type { RankedPlace } from '../../../../db/ranked-place.ts';
import type { SessionFilter } from '../../../../db/session-filter.ts';
import { listRankedSessions, listSessions, type ListedSessionRow } from '../../../../db/session-list.ts';
import { findSession, type NamedSessionRow } from '../../../../db/sessions.ts';
import { listShownVerdicts } from '../../../../db/verdict-case.ts';
import { badField, ProtocolError } from '../../../../protocol/errors.ts';
import { ListedSessionPage, SessionQuery } from '../../../../protocol/http/session-list.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { Session, StartedSession, StartSessionBody, Ticket } from '../../../../protocol/http/sessions.ts';
import { noSession } from '../../../access/refused.ts';
import { readableSession, staffSession } from '../../../access/session-access.ts';
import { type Caller, isKey } from '../../../auth/keys/caller.ts';
import { isStudent } from '../../../auth/accounts/is-student.ts';
import type { Tickets } from '../../../auth/tickets/tickets.ts';
import type { Clock } from '../../../clock.ts';
import { endIfRunning } from '../../../session/live/end-session.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { reviewWorkView } from '../../../session/review/review-work-view.ts';
import { listByAttention } from '../../../session/lists/by-attention.ts';
import { sessionAnswer, toItsStudent } from '../../../session/record/session-view.ts';
import { START_PROBLEMS, startSession, type Starter } from '../../../session/live/start-session.ts';
import { REPLAYED } from '../../pipeline/idempotency-key.ts';
import { idCursor, pageBy, pageOf, pageTo } from '../../lists/page.ts';
import { decodeRankCursor, encodeRankCursor, listName } from '../../lists/rank-cursor.ts';
import { Reply, staffRoute, type Route, userOrKeyRoute, userRoute } from '../../pipeline/route.ts';

export interface SessionRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly sessions: LiveSessions;
  readonly tickets: Tickets;
  readonly clock: Clock;
}

/** Students are not told who looks at sessions, nor which, nor what is not released. */
const forItsStudent = <T extends SessionFilter>(asked: T): T & { readonly ownRelease: true } => ({
  ...asked,
  attention: undefined,
  minAttention: undefined,
  needsReview: undefined,
  reviewState: undefined,
  reviewer: undefined,
  ownRelease: true,
});

export function sessionRoutes({ db, registry, sessions, tickets, clock }: SessionRouteParts): Route[] {
  const isStaffFor = (row: NamedSessionRow, who: Caller): boolean =>
    !isKey(who) && who.role !== 'student' && who.userId !== row.student_id;

  const view = (row: NamedSessionRow, at = clock()) => sessionAnswer(row, registry.find(row.id), at);

  const answer = async (row: NamedSessionRow, who: Caller) =>
    isStaffFor(row, who) ? view(row) : toItsStudent(view(row), (await listShownVerdicts(db, [row.id])).has(row.id));

  /** Rows as the caller sees them: a student sees released verdicts only. @param at of their attention, server ms */
  async function listedFor(who: Caller, rows: readonly ListedSessionRow[], at?: number) {
    const own = rows.filter((row) => !isStaffFor(row, who)).map(({ id }) => id);
    const shown = await listShownVerdicts(db, own);
    return (row: ListedSessionRow) =>
      isStaffFor(row, who)
        ? { ...view(row, at), examTitle: row.exam_title, verdict: row.verdict, review: reviewWorkView(row) }
        : {
            ...toItsStudent(view(row), shown.has(row.id)),
            examTitle: row.exam_title,
            verdict: shown.get(row.id) ?? null,
          };
  }

  /** The student whose session a request starts. @throws ProtocolError `bad_request`, `forbidden` or `not_found` */
  async function sitter(who: Caller, asked: string | undefined): Promise<{ studentId: string; by?: Starter }> {
    if (!isKey(who) && who.role === 'student') {
      if (asked === undefined || asked === who.userId) return { studentId: who.userId };
      throw new ProtocolError('forbidden', 'students start their own sessions only', {
        refusal: { kind: 'not_own', target: asked },
      });
    }
    if (asked === undefined)
      throw badField('body.studentId', 'is required: staff and API keys sit no exams themselves');
    if (!isKey(who) && who.role !== 'admin' && who.role !== 'manager')
      throw new ProtocolError('forbidden', 'only admins and managers start sessions of students', {
        refusal: { kind: 'role_refused' },
      });
    if (!(await isStudent(db, asked, isKey(who) || who.role === 'admin' ? undefined : who.organisationId)))
      throw new ProtocolError('not_found', 'no enabled student account with this id');
    return { studentId: asked, by: isKey(who) ? { kind: 'key', id: who.keyId } : { kind: 'staff', id: who.userId } };
  }

  return [
    userOrKeyRoute('tickets', {
      method: 'POST',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Starts a session',
      description:
        'One attempt at an exam. Students start their own sessions; admins, managers and API keys start those of the student `studentId`, under the same rules.',
      answer: StartedSession,
      problems: START_PROBLEMS,
      status: 201,
      idempotent: true,
      body: StartSessionBody,
      handle: async ({ body, who, idempotencyKey }) => {
        const { studentId, by } = await sitter(who, body.studentId);
        const { id, replayed } = await startSession({ db, clock, sessions }, { userId: studentId }, body.examId, {
          key: idempotencyKey,
          by,
        });
        const row = await findSession(db, id);
        if (!row) throw noSession();
        const started = {
          ...(await answer(row, who)),
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
      description:
        'Newest first, or by attention or reviewed score. Students see their own sessions only, staff those of the exams or rooms that they are assigned to. Their own ones, from before, they see with `student`.',
      answer: ListedSessionPage,
      query: SessionQuery,
      handle: async ({ query, who }) => {
        const { order, cursor, q: person, from, to, limit, ...asked } = query;
        const student = asked.student ?? (who.role === 'student' ? who.userId : undefined);
        const isOwn = student === who.userId;
        const rest = { ...(isOwn ? forItsStudent(asked) : asked), person, student };
        const filter: SessionFilter = {
          ...rest,
          from: from === undefined ? undefined : new Date(from),
          to: to === undefined ? undefined : new Date(to),
          seenBy: isOwn ? undefined : who,
        };
        // Students are not told the order in which staff look at sessions, nor which events were dismissed.
        const by = isOwn ? 'risk_score' : order === 'attention' ? 'attention' : 'reviewed_score';
        const list = listName({ ...rest, from, to, by });
        const after =
          cursor === undefined
            ? undefined
            : order === 'newest'
              ? { value: 0, id: idCursor(cursor) }
              : decodeRankCursor(cursor, list);
        if (
          rest.attention !== undefined ||
          rest.minAttention !== undefined ||
          (order !== 'newest' && by === 'attention')
        ) {
          const now = clock();
          const at = Math.min(now, after?.at ?? now);
          const { rows, next } = await listByAttention(db, order, filter, { after, limit, at });
          const cursorOf = (place: RankedPlace) =>
            order === 'newest' ? place.id : encodeRankCursor(by === 'attention' ? { ...place, at } : place, list);
          return pageTo(rows, await listedFor(who, rows, at), next && cursorOf(next));
        }
        if (order === 'newest') {
          const rows = await listSessions(db, { ...filter, cursor: after?.id, limit });
          return pageOf(rows, limit, await listedFor(who, rows));
        }
        const rows = await listRankedSessions(db, by, { ...filter, after, limit });
        return pageBy(rows, limit, await listedFor(who, rows), ({ [by]: value, id }) =>
          encodeRankCursor({ value, id }, list),
        );
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/sessions/:id',
      tag: 'Sessions',
      summary: 'Returns a session',
      answer: Session,
      params: PathId,
      handle: async ({ params, who }) => answer(await readableSession(db, params.id, who), who),
    }),
    userRoute({
      method: 'POST',
      path: '/api/sessions/:id/end',
      tag: 'Sessions',
      summary: 'Ends a session',
      description:
        'By its student, or by staff who command it. Idempotent: ending an ended session returns it unchanged.',
      answer: Session,
      problems: ['session_not_live'],
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await readableSession(db, params.id, who);
        if (row.student_id !== who.userId) await staffSession(db, row.id, who, 'command');
        // Ending is idempotent, so a lost response can be requested again.
        if (row.status !== 'ended') await endIfRunning(sessions, row.id, who);
        return answer(await readableSession(db, row.id, who), who);
      },
    }),
    userOrKeyRoute('tickets', {
      line: 'entry',
      method: 'POST',
      path: '/api/sessions/:id/ticket',
      tag: 'Sessions',
      summary: 'Issues a ticket for the exam socket',
      description:
        "Single use, valid for 30 s. For the student of the session, or for an API key on their behalf; the socket of a key's ticket lives for 15 min and is renewed by `reauth`.",
      answer: Ticket,
      problems: ['session_over', 'rate_limited'],
      params: PathId,
      status: 201,
      handle: async ({ params, who }) => {
        const row = await findSession(db, params.id);
        if (!row || (isKey(who) ? !(await isStudent(db, row.student_id)) : row.student_id !== who.userId))
          throw noSession(row);
        if (row.status === 'ended') throw new ProtocolError('session_over', 'session has ended');
        return isKey(who) ? tickets.issueByKey(who, row.student_id, row.id) : tickets.issue(who, 'exam', row.id);
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
