import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import type { Purpose } from '../auth/ticket-codec.ts';
import type { Tickets } from '../auth/tickets.ts';
import type { Connection } from './connection.ts';

/** Rule C8: a fresh ticket of the same user, purpose and session lengthens the connection's life. */
export async function reauthenticate(connection: Connection, tickets: Tickets, purpose: Purpose, value: string): Promise<void> {
  try {
    const ticket = tickets.check(value, purpose);
    const { userId, sessionId } = connection.identity;
    if (ticket.userId !== userId || ticket.sessionId !== sessionId) {
      throw new ProtocolError('bad_ticket', 'the ticket is for somebody or something else', {
        close: CLOSE.unauthenticated,
        refusal: { kind: 'ticket_not_own', target: ticket.sessionId ?? ticket.userId },
      });
    }
    await tickets.confirm(ticket);
    connection.renewAuth(ticket.authExpiresAt);
  } catch (error) {
    connection.fail(error);
  }
}
