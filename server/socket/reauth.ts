import type { TicketRow } from '../../db/tickets.ts';
import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import type { Tickets } from '../auth/tickets.ts';
import type { Connection } from './connection.ts';

/** Rule C8: a fresh ticket of the same user, purpose and session lengthens the connection's life. */
export async function reauthenticate(connection: Connection, tickets: Tickets, purpose: TicketRow['purpose'], value: string): Promise<void> {
  try {
    const ticket = await tickets.take(value, purpose);
    const { userId, sessionId } = connection.identity;
    if (ticket.user_id !== userId || (ticket.session_id ?? undefined) !== sessionId) {
      throw new ProtocolError('bad_ticket', 'the ticket is for somebody or something else', { close: CLOSE.unauthenticated });
    }
    connection.renewAuth(ticket.auth_expires_at.getTime());
  } catch (error) {
    connection.fail(error);
  }
}
