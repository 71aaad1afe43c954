import type { TemplatedApp } from 'uWebSockets.js';
import type { z } from 'zod';
import type { Db } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { authenticate } from '../auth/authenticate.ts';
import type { AccessTokens, Principal } from '../auth/tokens.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Exchange } from './exchange.ts';
import { statusOf } from './problem.ts';
import type { Route } from './route.ts';

export interface RouterParts {
  readonly db: Db;
  readonly access: AccessTokens;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const REGISTER = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'del' } as const;

function validate(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = [where, ...(issue?.path ?? [])].join('.');
  throw new ProtocolError('bad_request', `${field}: ${issue?.message ?? 'invalid'}`, { ref: field });
}

/** A database that is away, or a defect: the cause is logged, and nothing of it is shown. */
function atTheEdge(error: unknown, log: Logger, route: string): ProtocolError {
  if (error instanceof ProtocolError) return error;
  log.error({ err: error, route }, 'request failed');
  return new ProtocolError('internal', 'the server failed; nothing was changed', { retryable: true, cause: error });
}

async function principalFor(route: Route, exchange: Exchange, parts: RouterParts): Promise<Principal | undefined> {
  if (route.who === 'anyone') return undefined;
  const principal = await authenticate(parts.db, parts.access, exchange.header('authorization'));
  if (route.who !== 'user' && !route.who.includes(principal.role)) {
    throw new ProtocolError('forbidden', 'your role does not allow this');
  }
  return principal;
}

async function serve(route: Route, exchange: Exchange, params: Record<string, string>, parts: RouterParts): Promise<number> {
  try {
    // Started before the first await: the body's listener must be attached while the request is fresh.
    const body = route.shapes.body ? exchange.json() : Promise.resolve(undefined);
    body.catch(() => {});
    const who = await principalFor(route, exchange, parts);
    const answer = await route.handle({
      params: validate(route.shapes.params, params, 'path'),
      query: validate(route.shapes.query, Object.fromEntries(exchange.query), 'query'),
      body: validate(route.shapes.body, await body, 'body'),
      who,
      address: exchange.address,
    } as Parameters<Route['handle']>[0]);
    exchange.answerJson(route.status, answer);
    return answer === undefined ? 204 : route.status;
  } catch (error) {
    const problem = atTheEdge(error, parts.log, route.path);
    exchange.answerProblem(problem);
    return statusOf(problem.code);
  }
}

/** Puts the route table onto the app; other methods of a known path answer 405. */
export function registerRoutes(app: TemplatedApp, routes: readonly Route[], parts: RouterParts): void {
  for (const route of routes) {
    const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
    app[REGISTER[route.method]](route.path, (res, req) => {
      const params = Object.fromEntries(names.map((name, index) => [name, req.getParameter(index) ?? '']));
      void serve(route, new Exchange(res, req), params, parts).then((status) => {
        parts.metrics.requests.inc({ route: `${route.method} ${route.path}`, status: String(status) });
      });
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const allow = routes.filter((route) => route.path === path).map((route) => route.method).join(', ');
    app.any(path, (res, req) => {
      new Exchange(res, req).answerProblem(new ProtocolError('method_not_allowed', `this path takes ${allow}`), { Allow: allow });
    });
  }
}
