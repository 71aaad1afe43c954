import type { EventRow } from '../../../db/events.ts';
import type { Event } from '../../../protocol/events.ts';

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

/** As its student sees it before a verdict is released: without decisions of staff. */
export const undecidedEventView = (row: EventRow): Event => ({ ...eventView(row), review: null });
