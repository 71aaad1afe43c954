import type { EventRow } from '../../../db/events.ts';
import type { SessionRow } from '../../../db/sessions.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';

/** Events that outlive the process that opened them. */
const LASTING: ReadonlySet<string> = new Set([
  'CONNECTION_LOST',
  'FRAMES_REFUSED',
  'SIGNALS_OVER_BUDGET',
  'EVENTS_OVER_BUDGET',
  'CHALLENGE_ASKED',
  'ROOM_LOOK',
  'FACE_CHECK',
]);

/**
 * Closes the events that a dead process left open: incidents with their last written duration, the connection at the
 * client's last message. A gap, not an offence (rule E6).
 */
/** Of the client's state: they lasted until it was last heard of. */
const STATE_EVENTS: ReadonlySet<string> = new Set(['CLIENT_STATE_MISSING', 'UNREPORTED_ABSENCE']);

export function closeLeftovers(recorder: SessionRecorder, row: SessionRow, now: number): EventRow[] {
  const { state } = recorder;
  const rows: EventRow[] = [];
  for (const event of state.openEvents()) {
    if (LASTING.has(event.type)) continue;
    const written = event.started_at.getTime() + (event.duration_ms ?? 0);
    const seenUntil = STATE_EVENTS.has(event.type) ? Math.max(written, row.last_seen_at?.getTime() ?? 0) : written;
    const closed = state.change(event.type, { at: seenUntil, ended: true });
    if (closed) rows.push(closed);
  }
  const seenAt = row.last_seen_at?.getTime();
  if (seenAt !== undefined && !state.isOpen('CONNECTION_LOST')) {
    const startedAt = Math.min(seenAt, now);
    rows.push(
      recorder.record({
        type: 'CONNECTION_LOST',
        source: 'connection',
        startedAt,
        endedAt: undefined,
        details: { by: 'server' },
      }),
    );
  }
  return rows;
}
