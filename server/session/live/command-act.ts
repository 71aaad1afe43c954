import { uuidv7 } from 'uuidv7';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow } from '../../../db/events.ts';
import type { Command } from '../../../protocol/console.ts';

/** A proctor's command, for the audit log. Its reason or text is in the event, whose digest the log has too. */
export function actOfCommand(command: Command, event: EventRow, by: string): NewAuditEntry & { id: string } {
  return {
    id: uuidv7(),
    type: 'COMMAND_GIVEN',
    entityId: event.session_id,
    actor: by,
    at: event.started_at,
    payload: { do: command.do, eventId: event.id, ...(command.do === 'extend' && { minutes: command.minutes }) },
  };
}
