import { uuidv7 } from 'uuidv7';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { Command } from '../../../protocol/console.ts';

/** A command of staff to a session, or a request to its student. */
export type Given = Command | { readonly do: 'challenge' | 'room_look' | 'face_check' | 'lower_hand' };

/** For the audit log. The reason or text is in the event, whose digest the log has too. */
export function commandGiven(given: Given, event: EventRow, by: string): NewAuditEntry & { id: string } {
  return {
    id: uuidv7(),
    type: 'COMMAND_GIVEN',
    entityId: event.session_id,
    actor: by,
    at: event.started_at,
    payload: { do: given.do, eventId: event.id, ...(given.do === 'extend' && { minutes: given.minutes }) },
  };
}
