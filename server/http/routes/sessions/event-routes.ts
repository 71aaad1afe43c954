import type { Db } from '../../../../db/executor.ts';
import { ReportBody } from '../../../../protocol/http/reports.ts';
import { EventAnswer } from '../../../../protocol/http/sessions.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { reportEvent } from '../../../session/live/report-event.ts';
import { REPLAYED } from '../../pipeline/idempotency-key.ts';
import { Reply, type Route, userRoute } from '../../pipeline/route.ts';

export interface EventRouteParts {
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly sessions: LiveSessions;
}

export const eventRoutes = (parts: EventRouteParts): Route[] => [
  userRoute({
    line: 'own',
    method: 'POST',
    path: '/api/proctoring/event',
    tag: 'Proctoring',
    summary: "Reports an event of the caller's session",
    description: 'Responds after the event is committed.',
    answer: EventAnswer,
    problems: ['not_found', 'reserved_signal', 'session_over', 'session_not_live', 'rate_limited'],
    status: 201,
    idempotent: true,
    body: ReportBody,
    // Room for the maximum `data` in any encoding.
    bodyLimit: 64 * 1024,
    handle: async ({ body: { sessionId, ...report }, who, idempotencyKey }) => {
      const { event, replayed } = await reportEvent(parts, who, sessionId, report, idempotencyKey);
      return new Reply(201, event, replayed ? REPLAYED : {});
    },
  }),
];
