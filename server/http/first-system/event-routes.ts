import { z } from 'zod';
import { listEvents } from '../../../db/events.ts';
import type { Db } from '../../../db/executor.ts';
import { findSession } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { type Event, Id, Timestamp } from '../../../protocol/events.ts';
import { PathId } from '../../../protocol/http/lists.ts';
import { ReportType } from '../../../protocol/http/reports.ts';
import { eventView } from '../../session/event-view.ts';
import type { Registry } from '../../session/registry.ts';
import { reportEvent } from '../../session/report-event.ts';
import { roleRoute, type Route, userRoute } from '../route.ts';

export interface FirstSystemEventRouteParts {
  readonly db: Db;
  readonly registry: Registry;
}

/** More than any session has. */
const ALL = 1_000_000;

const Severity = z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647);

const EventOut = z.object({ id: Id, session_id: Id, event_type: z.string(), severity: z.int(), created_at: Timestamp }).meta({ id: 'FirstSystemEvent' });

/** The client's own number where there is one; it decides nothing. Others get what the first system gave to their like. */
function severityOf({ details, weight }: Event): number {
  const own = Severity.safeParse((details['data'] as { severity?: unknown } | undefined)?.severity);
  return own.success ? own.data : Math.max(1, Math.round(weight));
}

const answer = (event: Event): z.infer<typeof EventOut> => ({
  id: event.id,
  session_id: event.sessionId,
  event_type: event.type,
  severity: severityOf(event),
  created_at: event.startedAt,
});

export const firstSystemEventRoutes = (parts: FirstSystemEventRouteParts): Route[] => [
  userRoute({
    method: 'POST',
    path: '/events/',
    tag: 'First system',
    summary: "Stores what the student's client noticed",
    answer: EventOut,
    problems: ['not_found', 'reserved_signal', 'session_over', 'session_not_live'],
    query: z.object({ session_id: Id, event_type: ReportType, severity: Severity }),
    handle: async ({ query: { session_id: session, event_type: type, severity }, who }) => {
      const { event } = await reportEvent(parts, who, session, { type, data: { severity } }, undefined);
      return answer(event);
    },
  }),
  roleRoute(['admin'], {
    method: 'GET',
    path: '/admin/sessions/:id/events',
    tag: 'First system',
    summary: 'All events of a session, in its order',
    answer: z.array(EventOut),
    params: PathId,
    handle: async ({ params }) => {
      if (!(await findSession(parts.db, params.id))) throw new ProtocolError('not_found', 'there is no such session');
      return (await listEvents(parts.db, { session: params.id, limit: ALL })).map((row) => answer(eventView(row)));
    },
  }),
];
