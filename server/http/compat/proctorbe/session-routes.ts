import { z } from 'zod';
import type { Db } from '../../../../db/executor.ts';
import { listSessions } from '../../../../db/session-list.ts';
import type { NamedSessionRow } from '../../../../db/sessions.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import { Id, Timestamp } from '../../../../protocol/events.ts';
import { Session } from '../../../../protocol/http/sessions.ts';
import type { Clock } from '../../../clock.ts';
import { endIfRunning } from '../../../session/live/end-session.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { sessionAnswer } from '../../../session/record/session-view.ts';
import { START_PROBLEMS, startSession } from '../../../session/live/start-session.ts';
import { studentSession } from '../../../access/session-access.ts';
import { adminRoute, type Route, userRoute } from '../../pipeline/route.ts';
import { arrayPage, arrayQuery } from './array-page.ts';

export interface ProctorbeSessionRouteParts {
  readonly basePath: string;
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly sessions: LiveSessions;
  readonly clock: Clock;
}

const NEWEST = 200;

const riskLevel = Session.shape.riskLevel;

const SessionOut = z
  .object({
    id: Id,
    user_id: Id,
    exam_id: Id,
    started_at: Timestamp,
    ended_at: Timestamp.nullable(),
    risk_score: z.number(),
    risk_level: riskLevel,
  })
  .meta({ id: 'ProctorbeSession' });

export function proctorbeSessionRoutes({
  db,
  registry,
  sessions,
  clock,
  basePath,
}: ProctorbeSessionRouteParts): Route[] {
  function answer(row: NamedSessionRow): z.infer<typeof SessionOut> {
    const {
      id,
      studentId,
      examId,
      startedAt,
      endedAt,
      riskScore,
      riskLevel: level,
    } = sessionAnswer(row, registry.find(row.id), clock());
    return {
      id,
      user_id: studentId,
      exam_id: examId,
      started_at: startedAt,
      ended_at: endedAt,
      risk_score: riskScore,
      risk_level: level,
    };
  }

  return [
    userRoute({
      method: 'POST',
      path: '/sessions/start',
      tag: 'ProctorBE compatibility',
      summary: 'Starts a session',
      answer: SessionOut,
      problems: START_PROBLEMS,
      query: z.object({ exam_id: Id }),
      handle: async ({ query, who }) => {
        const { id } = await startSession({ db, clock, sessions }, who, query.exam_id);
        return answer(await studentSession(db, id, who));
      },
    }),
    userRoute({
      method: 'POST',
      path: '/sessions/end',
      tag: 'ProctorBE compatibility',
      summary: "Ends the caller's session",
      description: 'Fails if the session has already ended.',
      answer: z.object({ session_id: Id, risk_score: z.number(), risk_level: riskLevel }),
      problems: ['not_found', 'session_over', 'session_not_live'],
      query: z.object({ session_id: Id }),
      handle: async ({ query, who }) => {
        const row = await studentSession(db, query.session_id, who);
        if (row.status === 'ended') throw new ProtocolError('session_over', 'session has ended');
        await endIfRunning(sessions, row.id, who);
        const { id, risk_score, risk_level } = answer(await studentSession(db, row.id, who));
        return { session_id: id, risk_score, risk_level };
      },
    }),
    adminRoute({
      method: 'GET',
      path: '/admin/sessions',
      page: () => '/console#/sessions',
      tag: 'ProctorBE compatibility',
      summary: 'Lists sessions',
      description: `Newest first, at most ${NEWEST}. Headers \`X-Next-Cursor\` and \`Link\` point to older sessions.`,
      answer: z.array(SessionOut),
      query: arrayQuery(Id, NEWEST),
      handle: async ({ query: { cursor, limit }, who }) => {
        const rows = await listSessions(db, { cursor, limit, seenBy: who });
        return arrayPage(
          rows.map(answer),
          `${basePath}/admin/sessions`,
          limit,
          rows.length === limit ? rows.at(-1)?.id : undefined,
        );
      },
    }),
  ];
}
