import type { EventRow } from '../../../db/events.ts';
import type { Event } from '../../../protocol/events.ts';
import { COUNTED } from '../rules/last-gap.ts';

/** A stored event as it is shown everywhere. */
export function eventView(row: EventRow): Event {
  return {
    id: row.id,
    sessionId: row.session_id,
    seq: row.seq,
    type: row.type,
    source: row.source,
    severity: row.severity,
    weight: row.weight,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    durationMs: row.duration_ms,
    confidence: row.confidence,
    details: row.details,
    review: row.review,
  };
}

/** Students get no attention, nor what counts for it. */
export function withoutAttention(event: Event): Event {
  if (event.type !== 'CONNECTION_LOST') return event;
  const { [COUNTED]: _counted, ...details } = event.details;
  return { ...event, details };
}

/** As its student sees it before a verdict is released: without decisions of staff. */
export const undecidedEventView = (row: EventRow): Event => ({ ...withoutAttention(eventView(row)), review: null });
