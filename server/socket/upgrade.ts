import type { HttpRequest, HttpResponse, us_socket_context_t } from 'uWebSockets.js';
import type { TicketRow } from '../../db/tickets.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import type { Tickets } from '../auth/tickets.ts';
import { Exchange } from '../http/exchange.ts';
import type { Logger } from '../log.ts';
import type { SocketData } from './connection.ts';
import { checkOrigin } from './origin.ts';

export interface UpgradeParts {
  readonly tickets: Tickets;
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
}

function ticketFrom(offered: string): string {
  const values = offered.split(',').map((value) => value.trim());
  const ticket = values.find((value) => value.startsWith(TICKET_PREFIX));
  if (!values.includes(PROTOCOL) || !ticket) throw new ProtocolError('bad_ticket', `offer the subprotocols ${PROTOCOL} and ${TICKET_PREFIX}<value>`);
  return ticket.slice(TICKET_PREFIX.length);
}

/** Everything is decided before the 101: a refused client gets an HTTP answer and never a socket. */
export async function upgrade(
  res: HttpResponse,
  req: HttpRequest,
  context: us_socket_context_t,
  purpose: TicketRow['purpose'],
  parts: UpgradeParts,
): Promise<void> {
  const key = req.getHeader('sec-websocket-key');
  const extensions = req.getHeader('sec-websocket-extensions');
  let aborted = false;
  const exchange = new Exchange(res, req);
  res.onAborted(() => {
    aborted = true;
  });
  try {
    checkOrigin(exchange.header('origin'), exchange.header('host'), parts.allowedOrigins);
    const ticket = await parts.tickets.take(ticketFrom(exchange.header('sec-websocket-protocol')), purpose);
    if (aborted) return;
    const data: SocketData = {
      identity: {
        userId: ticket.user_id,
        loginId: ticket.login_id,
        sessionId: ticket.session_id ?? undefined,
        address: exchange.address,
      },
      authExpiresAt: ticket.auth_expires_at.getTime(),
      handler: undefined,
      connection: undefined,
    };
    res.cork(() => res.upgrade(data, key, PROTOCOL, extensions, context));
  } catch (error) {
    if (aborted) return;
    if (error instanceof ProtocolError) return exchange.answerProblem(error);
    parts.log.error({ err: error }, 'upgrade failed');
    exchange.answerProblem(new ProtocolError('unavailable', 'the server cannot check tickets at the moment', { retryable: true }));
  }
}
