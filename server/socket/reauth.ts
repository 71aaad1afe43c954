import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import type { Purpose, TicketClaims } from '../auth/tickets/ticket-codec.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import type { Connection } from './connection.ts';

/** Delay between attempts while the database is down, ms. */
const RETRY_MS = { first: 500, most: 5000 } as const;

/**
 * Rule C8: a fresh ticket of the same user, purpose and session makes the connection its login's, and lengthens its
 * life. While the database is down the socket stays open (rule S8); the ticket is confirmed when the database is up,
 * and the life is not lengthened before that. A newer ticket replaces one that waits. Never rejects.
 */
export async function reauthenticate(
  connection: Connection,
  tickets: Tickets,
  purpose: Purpose,
  value: string,
): Promise<void> {
  let ticket: TicketClaims | undefined;
  try {
    ticket = checkOwn(connection, tickets.check(value, purpose));
    connection.beginRenewal(ticket);
    if (await confirmed(connection, tickets, ticket)) connection.renewAuth(ticket);
  } catch (error) {
    connection.fail(error);
  } finally {
    if (ticket) connection.endRenewal(ticket);
  }
}

/** @throws ProtocolError `bad_ticket` */
function checkOwn({ identity }: Connection, ticket: TicketClaims): TicketClaims {
  if (ticket.userId === identity.userId && ticket.sessionId === identity.sessionId) return ticket;
  throw new ProtocolError('bad_ticket', 'the ticket is for another user, session or purpose', {
    close: CLOSE.unauthenticated,
    refusal: { kind: 'ticket_not_own', target: ticket.sessionId ?? ticket.userId },
  });
}

/** @returns false when the connection closed or got a newer ticket. @throws ProtocolError `bad_ticket` */
async function confirmed(connection: Connection, tickets: Tickets, ticket: TicketClaims): Promise<boolean> {
  for (let delay: number = RETRY_MS.first; ; delay = Math.min(RETRY_MS.most, 2 * delay)) {
    try {
      await tickets.confirm(ticket);
      return connection.renewal === ticket;
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (!connection.alive || connection.renewal !== ticket) return false;
  }
}
