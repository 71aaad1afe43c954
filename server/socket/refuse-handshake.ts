import { ProtocolError } from '../../protocol/errors.ts';
import { networkOf } from '../auth/network.ts';
import type { Edge } from '../http/edge/edge.ts';
import type { Exchange } from '../http/pipeline/exchange.ts';
import { HANDSHAKE_HEADERS } from './handshake.ts';

const NO_HANDSHAKE = new ProtocolError('bad_request', 'this path takes WebSocket handshakes');
const WRONG_METHOD = new ProtocolError('method_not_allowed', 'method must be GET');

/** Error for a request to a socket's path that uWebSockets.js does not treat as a handshake. */
export const notAHandshake = (method: string): ProtocolError => (method === 'GET' ? NO_HANDSHAKE : WRONG_METHOD);

/** Answers by HTTP, later when refusals repeat, and ends the connection. @param since arrival, ms of `performance.now` */
export function refuseHandshake(exchange: Exchange, problem: ProtocolError, edge: Edge, since: number): void {
  const headers = problem === WRONG_METHOD ? { Allow: 'GET' } : HANDSHAKE_HEADERS;
  exchange.endConnection();
  void edge.refusals
    .turn(networkOf(exchange.address), problem, since)
    .then(() => exchange.inTurn(() => exchange.answerProblem(problem, headers)));
}
