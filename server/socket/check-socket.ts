import type { TemplatedApp, WebSocket } from 'uWebSockets.js';
import {
  CHECK_CLOSE,
  CHECK_LIFE_MS,
  CHECK_MESSAGE_BYTES,
  CHECK_PATH,
  type CheckReceived,
  type CheckTime,
} from '../../protocol/check-socket.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Clock, Timers } from '../clock.ts';
import type { Edge } from '../http/edge/edge.ts';
import { Exchange } from '../http/pipeline/exchange.ts';
import type { Metrics } from '../metrics.ts';
import type { CheckVisits, Visit } from '../system-check/visits.ts';
import { checkHandshake } from './handshake.ts';
import { checkOrigin } from './origin.ts';
import { notAHandshake, refuseHandshake } from './refuse-handshake.ts';

export interface CheckSocketParts {
  readonly edge: Edge;
  readonly visits: CheckVisits;
  readonly allowedOrigins: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Metrics;
}

/** uWebSockets.js copies the fields to the socket itself: none has the name of a method. */
interface Data {
  readonly address: string;
  visit: Visit | undefined;
  cancelEnd: (() => void) | undefined;
}

const KIND = 'check';
const RETRY_SECONDS = 10;
/** A client that answers no close frame is cut off after this, seconds. */
const IDLE_SECONDS = 16;
/** Longer than all answers of one socket. */
const MAX_BACKPRESSURE = 16 * 1024;

const busy = () =>
  new ProtocolError('rate_limited', 'too many system checks', { retryable: true, retryAfterSeconds: RETRY_SECONDS });

/**
 * The system check's socket, open to everybody: tells the time and counts the bytes that arrive. Sends nothing back that
 * it received, and stores nothing. One socket too many is opened and closed with 1013, since a browser cannot tell a
 * refused handshake from one that a proxy blocked.
 */
export function registerCheckSocket(app: TemplatedApp, parts: CheckSocketParts): void {
  const { edge, visits, clock, timers, metrics } = parts;
  const count = (ws: WebSocket<Data>, bytes: number): number | undefined => {
    const result = ws.getUserData().visit?.receive(bytes);
    if (typeof result === 'number') return result;
    ws.end(result === 'busy' ? CHECK_CLOSE.busy : CHECK_CLOSE.tooMuch);
    return undefined;
  };
  app.ws<Data>(CHECK_PATH, {
    maxPayloadLength: CHECK_MESSAGE_BYTES,
    maxBackpressure: MAX_BACKPRESSURE,
    closeOnBackpressureLimit: true,
    idleTimeout: IDLE_SECONDS,
    upgrade: (res, req, context) => {
      const since = performance.now();
      const exchange = new Exchange(res, req, edge);
      try {
        if (exchange.hasBody) throw new ProtocolError('bad_request', 'a handshake has no body');
        checkHandshake((name) => exchange.header(name));
        checkOrigin(exchange.header('origin'), exchange.header('host'), edge, parts.allowedOrigins);
        if (!visits.admit(exchange.address)) throw busy();
      } catch (error) {
        const problem =
          error instanceof ProtocolError
            ? error
            : new ProtocolError('internal', 'the server failed', { retryable: true });
        return refuseHandshake(exchange, problem, edge, since);
      }
      const data: Data = { address: exchange.address, visit: undefined, cancelEnd: undefined };
      const [key, extensions] = [exchange.header('sec-websocket-key'), exchange.header('sec-websocket-extensions')];
      res.upgrade(data, key, '', extensions, context);
    },
    open: (ws) => {
      const data = ws.getUserData();
      metrics.sockets.inc({ kind: KIND });
      data.visit = visits.enter(data.address);
      if (!data.visit) {
        ws.end(CHECK_CLOSE.busy);
        return;
      }
      data.cancelEnd = timers.after(CHECK_LIFE_MS, () => ws.end(CHECK_CLOSE.lifeOver));
      ws.send(JSON.stringify({ time: clock() } satisfies CheckTime));
    },
    message: (ws, message, isBinary) => {
      if (!isBinary) {
        ws.end(CHECK_CLOSE.badMessage);
        return;
      }
      const bytes = count(ws, message.byteLength);
      if (bytes !== undefined) ws.send(JSON.stringify({ bytes } satisfies CheckReceived));
    },
    ping: (ws) => void count(ws, 0),
    pong: (ws) => void count(ws, 0),
    close: (ws) => {
      const { visit, cancelEnd } = ws.getUserData();
      cancelEnd?.();
      visit?.leave();
      metrics.sockets.dec({ kind: KIND });
      edge.gate.socketClosed();
    },
  });
  app.any(CHECK_PATH, (res, req) => {
    const exchange = new Exchange(res, req, edge);
    const isBusy = edge.gate.hasShed(exchange.address) || edge.gate.crowded || visits.isBusyFor(exchange.address);
    // Tells the page whose socket failed that its request did arrive, and whether there was room.
    const problem = exchange.method === 'GET' && isBusy ? busy() : notAHandshake(exchange.method);
    refuseHandshake(exchange, problem, edge, performance.now());
  });
}
