import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import { isUnavailable } from '../../../db/unavailable.ts';
import { badField, ProtocolError } from '../../../protocol/errors.ts';
import { recordRefusal, type SecurityLog } from '../../audit/security/security-log.ts';
import type { StepUp } from '../../auth/factors/step-up.ts';
import { networkOf } from '../../auth/network.ts';
import { actorOf, type Caller, isKey } from '../../auth/keys/caller.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { parseBody, parsePairs } from './body.ts';
import { allowOrigin, answerPreflight } from '../edge/cors.ts';
import type { Edge } from '../edge/edge.ts';
import { Exchange } from './exchange.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { statusOf } from './problem.ts';
import type { Whose } from '../limits/request-line.ts';
import type { RequestLines } from '../limits/request-lines.ts';
import { Reply, type Route } from './route.ts';
import { MAX_PATH, validate } from './validate.ts';

/** User or API key. */
export interface Signer {
  readonly kind: 'user' | 'key';
  /** Id. */
  readonly name: string;
}

export interface RouterParts {
  readonly edge: Edge;
  /** Reads an `Authorization` header. @throws ProtocolError */
  readonly authenticate: (authorization: string) => Promise<Caller>;
  /**
   * Sender of a request by its `Authorization` header, by signature or from memory only; undefined for an API key seen
   * for the first time. @throws ProtocolError
   */
  readonly signer: (authorization: string) => Promise<Signer | undefined>;
  /** Request queues before the database; undefined if no route needs it. */
  readonly lines: Pick<RequestLines, 'run'> | undefined;
  /** Checks for recent re-authentication. @throws ProtocolError `step_up_required` */
  readonly stepUp: Pick<StepUp, 'check'>;
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly security: Pick<SecurityLog, 'record'>;
}

const REGISTER = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'del' } as const;

/** About as long as the write queue waits between two attempts. */
const DATABASE_RETRY_S = 2;

/** Of a folder that the request needs, such as the temporary one. */
const isDiskFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown })?.code));
const DISK_RETRY_S = 30;

/** Wraps an error of the database or of a bug: the cause is logged and not exposed. */
function atTheEdge(error: unknown, log: Logger, route: string): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (isUnavailable(error)) {
    log.warn({ err: error, route }, 'request failed: the database is unavailable');
    return new ProtocolError(
      'unavailable',
      'the database is unavailable; the request may have taken effect, so check before retrying',
      { retryable: true, retryAfterSeconds: DATABASE_RETRY_S, cause: error },
    );
  }
  if (isDiskFull(error)) {
    log.error({ err: error, route }, 'request failed: a disk is full');
    return new ProtocolError('unavailable', 'a disk of the server is full; tell its operator', {
      retryable: true,
      retryAfterSeconds: DISK_RETRY_S,
      cause: error,
    });
  }
  log.error({ err: error, route }, 'request failed');
  return new ProtocolError('internal', 'internal error; the request may have taken effect, so check before retrying', {
    retryable: true,
    cause: error,
  });
}

/** Caller and target as far as known, for the audit log if the request is refused. */
interface Asks {
  actor?: string;
  readonly target: string | undefined;
}

/** Without a login. */
const isStranger = (route: Route, exchange: Exchange) =>
  route.who === 'anyone' || (route.who === 'guest' && exchange.header('authorization') === '');

/** User of a request with optional login that has a valid access token. */
async function signer(route: Route, exchange: Exchange, parts: RouterParts): Promise<Whose | undefined> {
  const authorization = exchange.header('authorization');
  if (!route.whose || authorization === '') return undefined;
  return parts.signer(authorization).catch(() => undefined);
}

async function principalFor(
  route: Route,
  exchange: Exchange,
  parts: RouterParts,
  asks: Asks,
): Promise<Caller | undefined> {
  if (isStranger(route, exchange)) return undefined;
  const authorization = exchange.header('authorization');
  const principal = await parts.authenticate(authorization);
  asks.actor = actorOf(principal);
  if (isKey(principal)) {
    if (route.scope && principal.scopes.includes(route.scope)) return principal;
    const refusal = { kind: 'key_scope_refused' } as const;
    throw route.hidden
      ? new ProtocolError('not_found', 'not found', { refusal })
      : new ProtocolError('forbidden', 'the scopes of this API key do not permit this', { refusal });
  }
  if (typeof route.who !== 'string' && !route.who.includes(principal.role)) {
    const refusal = { kind: 'role_refused' } as const;
    throw route.hidden
      ? new ProtocolError('not_found', 'not found', { refusal })
      : new ProtocolError('forbidden', 'your role does not permit this', { refusal });
  }
  if (principal.factorPending && !route.whilePending)
    throw new ProtocolError(
      'second_factor_setup_required',
      'your role requires a second factor: set it up or verify it under /account',
    );
  if (route.stepUp) await parts.stepUp.check(principal, route.stepUp);
  return principal;
}

/** A list filtered by one of two rooms would look like the list of both. @throws ProtocolError `bad_request` */
function refuseRepeated(query: string): void {
  const seen = new Set<string>();
  for (const name of new URLSearchParams(query).keys()) {
    if (seen.has(name)) throw badField(`query.${name}`.slice(0, MAX_PATH), 'is given more than once');
    seen.add(name);
  }
}

/** @throws ProtocolError `bad_request` */
function queryOf(route: Route, exchange: Exchange): unknown {
  // Monitors and browsers add parameters of their own to the routes of the service.
  if (!route.query && (route.tag === 'Service' || !route.refusesUnknown)) return undefined;
  const pairs = parsePairs(exchange.query, 'bad_request');
  if (route.refusesUnknown && route.tag !== 'Service') refuseRepeated(exchange.query);
  return validate(route.query, pairs, 'query', route);
}

interface Sent {
  readonly params: Record<string, string>;
  /** Still arriving. */
  readonly body: Promise<Buffer | undefined>;
}

/**
 * Checks rights and limits before any byte of the body is parsed. Every database query waits for its turn, and no turn
 * is spent waiting for a body.
 */
async function handle(
  route: Route,
  exchange: Exchange,
  { params, body }: Sent,
  parts: RouterParts,
  asks: Asks,
): Promise<Reply> {
  const stranger = isStranger(route, exchange);
  const inTurn = <T>(whose: Whose, work: () => Promise<T>): Promise<T> =>
    parts.lines ? parts.lines.run(route.line, whose, work, () => exchange.isOpen) : work();
  const admit = async () => {
    const who = await principalFor(route, exchange, parts, asks);
    const asked = {
      params: validate(route.params, params, 'path'),
      query: queryOf(route, exchange),
      who,
      address: exchange.address,
      authorization: exchange.header('authorization'),
      header: (name: string) => exchange.header(name),
      from: { origin: exchange.header('origin'), host: exchange.header('host') },
      idempotencyKey: route.idempotent ? idempotencyKeyOf(exchange.sentHeader('idempotency-key')) : undefined,
    };
    await route.admit?.(asked);
    return asked;
  };
  const read = async (asked: Awaited<ReturnType<typeof admit>>) => {
    const bytes = await body;
    return {
      ...asked,
      body:
        route.body &&
        validate(
          route.body.schema,
          bytes && parseBody(route.body.kind, bytes, exchange.header('content-type')),
          'body',
          route,
        ),
      get left() {
        return exchange.left;
      },
    };
  };
  const work = async () => {
    if (stranger) {
      const input = await read(await admit());
      return inTurn(
        route.whose?.(input) ?? (await signer(route, exchange, parts)) ?? { kind: 'network', name: exchange.address },
        () => route.handle(input),
      );
    }
    const known = await parts.signer(exchange.header('authorization'));
    if (known) asks.actor = known.name;
    const { address } = exchange;
    // A route with its own queue limits no network, and this key may be invented.
    const whose: Whose =
      known ?? (route.line === 'own' ? { kind: 'key', name: networkOf(address) } : { kind: 'network', name: address });
    if (!route.body) return inTurn(whose, async () => route.handle(await read(await admit())));
    const input = await read(await inTurn(whose, admit));
    return inTurn(whose, () => route.handle(input));
  };
  const answer = await work();
  return answer instanceof Reply ? answer : new Reply(answer === undefined ? 204 : route.status, answer);
}

async function serve(route: Route, exchange: Exchange, sent: Sent, parts: RouterParts): Promise<number> {
  allowOrigin(exchange, parts.allowedOrigins);
  const since = performance.now();
  const asks: Asks = { target: sent.params['id'] ?? Object.values(sent.params)[0] };
  try {
    const { status, body, headers } = await handle(route, exchange, sent, parts, asks);
    if (body === undefined) exchange.answer(status, undefined, headers);
    else if (typeof body === 'string' || body instanceof Uint8Array)
      exchange.answer(status, body, { 'Content-Type': route.produces, ...headers });
    else exchange.answerJson(status, body, headers);
    return status;
  } catch (error) {
    const problem = atTheEdge(error, parts.log, route.path);
    // A logged-in user trying ids is recorded; without a login, an unknown id reveals nothing.
    recordRefusal(parts.security, problem, {
      ...asks,
      address: exchange.address,
      notFound: asks.actor === undefined ? undefined : 'unknown_id',
    });
    exchange.dropBody();
    await parts.edge.refusals.turn(asks.actor ?? networkOf(exchange.address), problem, since);
    exchange.inTurn(() => exchange.answerProblem(problem));
    return statusOf(problem.code);
  }
}

/** `/exams/` is also served as `/exams`. */
const spellingsOf = (path: string): string[] =>
  path.endsWith('/') && path !== '/' ? [path, path.slice(0, -1)] : [path];

function registerRoute(app: TemplatedApp, route: Route, parts: RouterParts): void {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const count = (status: number) =>
    parts.metrics.requests.inc({ route: `${route.method} ${route.path}`, status: String(status) });
  const listener = (res: HttpResponse, req: HttpRequest) => {
    const { page } = route;
    if (page === true && req.getHeader('accept').includes('text/html')) {
      req.setYield(true);
      return;
    }
    const params = Object.fromEntries(names.map((name, index) => [name, req.getParameter(index) ?? '']));
    const exchange = new Exchange(res, req, parts.edge);
    if (typeof page === 'function' && exchange.isNavigation)
      return exchange.inTurn(() => exchange.redirect(page(params)));
    // Received from the first byte on, whatever is awaited meanwhile.
    const body = route.body ? exchange.body(route.body) : Promise.resolve(undefined);
    body.catch(() => {});
    exchange.inTurn(() => void serve(route, exchange, { params, body }, parts).then(count));
  };
  for (const path of spellingsOf(route.path)) {
    app[REGISTER[route.method]](path, listener);
    if (route.method === 'GET') app.head(path, listener);
  }
}

/** Registers the route table; other methods of a known path answer 405. */
export function registerRoutes(app: TemplatedApp, routes: readonly Route[], parts: RouterParts): void {
  for (const route of routes) registerRoute(app, route, parts);
  for (const known of new Set(routes.map((route) => route.path))) {
    const methods = routes
      .filter((route) => route.path === known)
      .flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]));
    const allow = [...methods, 'OPTIONS'].join(', ');
    for (const path of spellingsOf(known)) {
      app.options(path, (res, req) => {
        const exchange = new Exchange(res, req, parts.edge);
        exchange.inTurn(() => answerPreflight(exchange, parts.allowedOrigins, allow));
      });
      // Pages answer the URLs of pages.
      if (routes.some((route) => route.path === known && route.page === true)) continue;
      app.any(path, (res, req) => {
        const exchange = new Exchange(res, req, parts.edge);
        exchange.inTurn(() => {
          allowOrigin(exchange, parts.allowedOrigins);
          exchange.answerProblem(new ProtocolError('method_not_allowed', `method must be one of ${allow}`), {
            Allow: allow,
          });
        });
      });
    }
  }
}
