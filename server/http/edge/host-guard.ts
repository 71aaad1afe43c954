import type { HttpRequest, HttpResponse, TemplatedApp, WebSocketBehavior } from 'uWebSockets.js';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Logger } from '../../log.ts';
import type { Edge } from './edge.ts';
import { Exchange } from '../pipeline/exchange.ts';

/** Asked by whatever runs the server, by any name; what they tell a stranger is no secret. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health', '/ready']);

/**
 * RFC 9112, section 6.3: where such a request ends is for each reader to guess, and what one takes for its body another
 * takes for the next request. uWebSockets.js takes the first length, and any coding for `chunked`. Of two names, too,
 * one reader takes the first and another the last.
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
 * The app, but for requests whose end is not certain, whose connection is closed, and those by a name that is not the
 * server's, which are answered 421: on every path and on both sockets, before anything looks at them. Whatever is
 * registered through what this returns is guarded.
 */
export function guardHosts(
  app: TemplatedApp,
  edge: Edge,
  log: Logger,
  onRefused: (address: string) => void,
): TemplatedApp {
  let said = false;
  /** Whether it was answered. */
  const refuses = (res: HttpResponse, req: HttpRequest): boolean => {
    if (isUncertain(req)) {
      // Without an answer: uWebSockets.js would go on with what follows it.
      res.close();
      return true;
    }
    const host = req.getHeader('host');
    if (edge.hosts.knows(host) || OPEN_PATHS.has(req.getUrl())) return false;
    if (!said) {
      said = true;
      log.warn(
        { host: host.slice(0, 253) },
        "a request came by a name that is not known as this server's, and was refused; if it is, list it in PUBLIC_URL. Said once",
      );
    }
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
