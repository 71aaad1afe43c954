import type { HttpRequest, HttpResponse, TemplatedApp, WebSocketBehavior } from 'uWebSockets.js';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Edge } from './edge.ts';
import { Exchange } from '../pipeline/exchange.ts';

/**
 * Health checks may use any host name, and so may a page that asks why its sockets are refused; the responses contain
 * nothing secret.
 */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health', '/ready', '/api/socket-check']);

/**
 * RFC 9112, section 6.3: the end of such a request is ambiguous, which allows request smuggling. uWebSockets.js uses
 * the first length, and takes any coding for `chunked`. With two Host headers, too, some readers use the first and
 * others the last.
 */
function isUncertain(req: HttpRequest): boolean {
  let [lengths, hosts] = [0, 0];
  const codings: string[] = [];
  req.forEach((name, value) => {
    if (name === 'content-length') lengths += 1;
    else if (name === 'host') hosts += 1;
    else if (name === 'transfer-encoding') codings.push(value);
  });
  return lengths + codings.length > 1 || hosts > 1 || codings.some((coding) => coding.toLowerCase() !== 'chunked');
}

const METHODS = ['get', 'post', 'put', 'patch', 'del', 'head', 'options', 'any'] as const;

/**
 * Wraps the app: requests of ambiguous length lose their connection, and requests for a foreign host name are answered
 * 421, on every path and on both sockets, before any handler runs. Everything registered through the returned app is
 * guarded.
 */
export function guardHosts(app: TemplatedApp, edge: Edge, onRefused: (address: string) => void): TemplatedApp {
  /** @returns whether the request was refused */
  const refuses = (res: HttpResponse, req: HttpRequest): boolean => {
    if (isUncertain(req)) {
      // No response: uWebSockets.js would continue with the bytes that follow.
      res.close();
      return true;
    }
    const host = req.getHeader('host');
    if (edge.hosts.knows(host) || OPEN_PATHS.has(edge.pathOf(req.getUrl()))) return false;
    edge.faults.host(host);
    const exchange = new Exchange(res, req, edge);
    onRefused(exchange.address);
    exchange.endConnection();
    exchange.inTurn(() =>
      exchange.answerProblem(
        new ProtocolError('unknown_host', 'unknown host name; the operator lists names of this server in PUBLIC_URL'),
      ),
    );
    return true;
  };
  const guarded = Object.create(app) as TemplatedApp;
  for (const method of METHODS) {
    guarded[method] = (path, handler) => {
      app[method](path, (res, req) => {
        if (!refuses(res, req)) void handler(res, req);
      });
      return guarded;
    };
  }
  guarded.ws = <UserData>(path: string, behaviour: WebSocketBehavior<UserData>) => {
    const { upgrade } = behaviour;
    app.ws(path, {
      ...behaviour,
      ...(upgrade && { upgrade: (res, req, context) => (refuses(res, req) ? undefined : upgrade(res, req, context)) }),
    });
    return guarded;
  };
  return guarded;
}
