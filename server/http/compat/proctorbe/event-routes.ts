import { z } from 'zod';
import { type EventLine, listEventLines } from '../../../../db/events.ts';
import type { Db } from '../../../../db/executor.ts';
import { type Event, Id, Timestamp } from '../../../../protocol/events.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { ReportType } from '../../../../protocol/http/reports.ts';
import { staffSession } from '../../../access/session-access.ts';
import type { SessionRegistry } from '../../../session/live/session-registry.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { reportEvent } from '../../../session/live/report-event.ts';
import { adminRoute, type Route, userRoute } from '../../pipeline/route.ts';
import { sizedRows } from '../../lists/sized-rows.ts';
import { arrayPage, arrayQuery } from './array-page.ts';

export interface ProctorbeEventRouteParts {
  readonly basePath: string;
  readonly db: Db;
  readonly registry: SessionRegistry;
  readonly sessions: LiveSessions;
}

/** Events per response and per statement; bytes of one, about. */
const MOST = 500;
const LINES_AT_ONCE = 25;
const LINE_BYTES = 200;

const Severity = z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647);

const EventOut = z
  .object({ id: Id, session_id: Id, event_type: z.string(), severity: z.int(), created_at: Timestamp })
  .meta({ id: 'ProctorbeEvent' });

/** Severity as the client reported it, else the event's weight, as in ProctorBE. Informational only. */
function severityOf(said: unknown, weight: number): number {
  const own = Severity.safeParse(said ?? undefined);
  return own.success ? own.data : Math.max(1, Math.round(weight));
}

const answer = (event: Event): z.infer<typeof EventOut> => ({
  id: event.id,
  session_id: event.sessionId,
  event_type: event.type,
  severity: severityOf((event.details['data'] as { severity?: unknown } | undefined)?.severity, event.weight),
  created_at: event.startedAt,
});

const line = ({
  id,
  session_id,
  type: event_type,
  own_severity,
  weight,
  started_at,
}: EventLine): z.infer<typeof EventOut> => ({
  id,
  session_id,
  event_type,
  severity: severityOf(own_severity, weight),
  created_at: started_at.toISOString(),
});

export const proctorbeEventRoutes = (parts: ProctorbeEventRouteParts): Route[] => [
  userRoute({
    line: 'own',
    method: 'POST',
    path: '/events/',
    tag: 'ProctorBE compatibility',
    summary: "Reports an event of the caller's session",
    answer: EventOut,
    problems: ['not_found', 'reserved_signal', 'session_over', 'session_not_live', 'rate_limited'],
    query: z.object({ session_id: Id, event_type: ReportType, severity: Severity }),
    handle: async ({ query: { session_id: session, event_type: type, severity }, who }) => {
      const { event } = await reportEvent(parts, who, session, { type, data: { severity } }, undefined);
      return answer(event);
    },
  }),
  adminRoute({
    method: 'GET',
    path: '/admin/sessions/:id/events',
    page: ({ id }) => `/console#/session/${id}`,
    tag: 'ProctorBE compatibility',
    summary: 'Lists events of a session',
    description: `In session order, at most ${MOST}. Headers \`X-Next-Cursor\` and \`Link\` point to the next page.`,
    answer: z.array(EventOut),
    params: PathId,
    query: arrayQuery(z.coerce.number().int().min(0).max(2_147_483_647), MOST),
    handle: async ({ params: { id }, query: { cursor = 0, limit }, who }) => {
      await staffSession(parts.db, id, who, 'read');
      const { rows } = await sizedRows<EventLine>(
        limit,
        (after, some) => listEventLines(parts.db, { session: id, afterSeq: after?.seq ?? cursor, limit: some }),
        () => LINE_BYTES,
        LINES_AT_ONCE,
      );
      const last = rows.length === limit ? rows.at(-1)?.seq : undefined;
      return arrayPage(rows.map(line), `${parts.basePath}/admin/sessions/${id}/events`, limit, last?.toString());
    },
  }),
];
