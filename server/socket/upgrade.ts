import type { HttpRequest, HttpResponse, us_socket_context_t } from 'uWebSockets.js';
import { ProtocolError } from '../../protocol/errors.ts';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { recordRefusal, type SecurityLog } from '../audit/security/security-log.ts';
import type { Purpose } from '../auth/tickets/ticket-codec.ts';
import type { Tickets } from '../auth/tickets/tickets.ts';
import type { Edge } from '../http/edge/edge.ts';
import { Exchange } from '../http/pipeline/exchange.ts';
import type { Logger } from '../log.ts';
import type { Admission } from './admission.ts';
import type { SocketData } from './connection.ts';
import { checkHandshake } from './handshake.ts';
import { checkOrigin } from './origin.ts';
import { notAHandshake, refuseHandshake } from './refuse-handshake.ts';

export interface UpgradeParts {
  readonly edge: Edge;
  readonly admission: Admission;
  readonly tickets: Tickets;
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
  readonly security: Pick<SecurityLog, 'record'>;
}

function ticketFrom(offered: string): string {
  const values = offered.split(',').map((value) => value.trim());
  const ticket = values.find((value) => value.startsWith(TICKET_PREFIX));
  if (!values.includes(PROTOCOL) || !ticket)
    throw new ProtocolError('bad_ticket', `offer the subprotocols ${PROTOCOL} and ${TICKET_PREFIX}<value>`);
  return ticket.slice(TICKET_PREFIX.length);
}

/**
 * A refused client gets an HTTP answer and never a socket, and its connection ends; repeated refusals are delayed. An
 * upgrade itself waits for nothing: it costs a stranger no query, and uWebSockets.js before its change 1929 closes, now
 * and then, a socket that was upgraded later and corked.
 */
export function upgrade(
  res: HttpResponse,
  req: HttpRequest,
  context: us_socket_context_t,
  purpose: Purpose,
  parts: UpgradeParts,
): void {
  const since = performance.now();
  const exchange = new Exchange(res, req, parts.edge);
  try {
    if (exchange.hasBody) throw new ProtocolError('bad_request', 'a handshake has no body');
    // uWebSockets.js takes a key alone for an upgrade.
    if (exchange.header('upgrade') === '') parts.edge.faults.upgrade(exchange.address, exchange.header('host'));
    checkHandshake((name) => exchange.header(name));
    checkOrigin(exchange.header('origin'), exchange.header('host'), parts.edge, parts.allowedOrigins);
    parts.admission.check(exchange.address);
    const ticket = parts.tickets.check(ticketFrom(exchange.header('sec-websocket-protocol')), purpose, ({ userId }) =>
      parts.admission.checkUser(userId),
    );
    const { userId, loginId, sessionId, authExpiresAt } = ticket;
    const data: SocketData = {
      identity: { userId, loginId, sessionId, address: exchange.address, ticket },
      authExpiresAt,
      handler: undefined,
      connection: undefined,
      inbox: undefined,
    };
    res.upgrade(
      data,
      exchange.header('sec-websocket-key'),
      PROTOCOL,
      exchange.header('sec-websocket-extensions'),
      context,
    );
  } catch (error) {
    if (error instanceof ProtocolError) {
      const answer = parts.admission.refused(exchange.address, error);
      recordRefusal(parts.security, answer, { address: exchange.address });
      return refuseHandshake(exchange, answer, parts.edge, since);
    }
    parts.log.error({ err: error }, 'upgrade failed');
    exchange.answerProblem(new ProtocolError('internal', 'the server failed', { retryable: true }));
  }
}

/** Requests that uWebSockets.js does not treat as a handshake: another method, or a key of another length. */
export function refuse(res: HttpResponse, req: HttpRequest, parts: UpgradeParts): void {
  const exchange = new Exchange(res, req, parts.edge);
  if (exchange.method === 'GET') parts.edge.faults.upgrade(exchange.address, exchange.header('host'));
  refuseHandshake(exchange, notAHandshake(exchange.method), parts.edge, performance.now());
}
