import { STATUS_CODES } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { mediaTypeOf } from '../pipeline/body.ts';
import { JsonSchemas } from './json-schema.ts';
import { Problem, statusOf } from '../pipeline/problem.ts';
import { openRoute, Reply, type Route, TAGS } from '../pipeline/route.ts';

type Json = Record<string, unknown>;

const DESCRIPTION = `HTTP API of the Invigil exam proctoring server. Live sessions use WebSocket: see docs/protocol.md.

Times are ISO 8601 with an offset; ids are UUIDs. Lists are paged: pass \`nextCursor\` of one page as \`?cursor=\` of the next; \`limit\` is
50 by default and at most 200. A cursor that is an id means the items after that one, also with another filter; a cursor of another order is
refused with \`bad_request\`. Unknown fields of queries and bodies, and parameters of a query that are given twice, are
refused with \`bad_request\`, except by the routes of ProctorBE, where the last value counts. Errors are RFC 9457 problem documents with a stable \`code\`. Resources of other users answer 404.`;

/** Errors of the route's kind and its own. */
function problemsOf(route: Route): ErrorCode[] {
  return [
    ...route.problems,
    ...(route.who === 'anyone' ? [] : (['unauthenticated', 'token_expired', 'account_disabled'] as const)),
    ...(route.who === 'anyone' ? [] : [route.hidden ? ('not_found' as const) : ('forbidden' as const)]),
    ...(route.who === 'anyone' || route.whilePending ? [] : (['second_factor_setup_required'] as const)),
    ...(route.stepUp ? (['step_up_required'] as const) : []),
    ...(route.params ? (['bad_request', 'not_found'] as const) : []),
    ...(route.query || route.idempotent || (route.refusesUnknown && route.tag !== 'Service')
      ? (['bad_request'] as const)
      : []),
    ...(route.body
      ? ([
          'bad_request',
          ...(route.body.required ? (['length_required'] as const) : []),
          'unsupported_media_type',
          'too_large',
          'request_timeout',
        ] as const)
      : []),
    ...(route.body?.kind === 'json' ? (['malformed_json'] as const) : []),
    ...(route.body && route.body.kind !== 'json' ? (['malformed_body'] as const) : []),
    ...(route.idempotent ? (['idempotency_conflict'] as const) : []),
    // Its queue is full.
    ...(route.who === 'anyone' && route.line === 'own' ? [] : (['rate_limited'] as const)),
    'internal',
    'unavailable',
  ];
}

function problemAnswers(route: Route): Json {
  const byStatus = new Map<number, Set<string>>();
  for (const code of problemsOf(route))
    byStatus.set(statusOf(code), (byStatus.get(statusOf(code)) ?? new Set()).add(code));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: [...codes].join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: JsonSchemas): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...shape }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: shape,
  }));
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeated request with the same key takes effect once and gets the same response.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
};

const accessOf = (who: Route['who']): string =>
  typeof who === 'string'
    ? { anyone: 'No login required.', guest: 'Login optional.', user: 'Any logged-in user.' }[who]
    : `Roles: ${who.join(', ')}.`;

function operation(route: Route, schemas: JsonSchemas): Json {
  const { method, path, tag, summary, description, who, scope, params, query, body, produces, answers } = route;
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...(route.idempotent ? [IDEMPOTENCY_KEY] : []),
  ];
  const good = Object.entries(answers).map(([status, shape]) => [
    status,
    {
      description: STATUS_CODES[status] ?? status,
      ...(shape && { content: { [produces.split(';')[0] ?? produces]: { schema: schemas.of(shape, 'output') } } }),
    },
  ]);
  return {
    operationId: `${method.toLowerCase()} ${path}`.replaceAll(/[^a-zA-Z]+(\w?)/g, (_, next: string) =>
      next.toUpperCase(),
    ),
    tags: [tag],
    summary,
    description: [description, accessOf(who), scope && `Also API keys with the scope \`${scope}\`.`]
      .filter((part) => part !== undefined)
      .join(' '),
    security:
      who === 'anyone'
        ? []
        : who === 'guest'
          ? [{}, { bearer: [] }]
          : [{ bearer: [] }, ...(scope ? [{ apiKey: [] }] : [])],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        description: `At most ${body.limit} bytes.`,
        required: body.required,
        content: { [mediaTypeOf(body.kind)]: { schema: schemas.of(body.schema, 'input') } },
      },
    }),
    responses: { ...Object.fromEntries(good), ...problemAnswers(route) },
  };
}

/** The OpenAPI 3.1 document of a route table, built without blocking the event loop. */
async function openApi(routes: readonly Route[], version: string, basePath: string): Promise<Json> {
  const schemas = new JsonSchemas();
  schemas.of(Problem, 'output');
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    await setImmediate();
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Invigil',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: basePath || '/' }],
    tags: TAGS.map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'ivk_<id>_<secret>' },
      },
    },
  };
}

/** Route of the OpenAPI document, which describes itself, too. @param basePath path prefix of the server */
export function apiDocument(routes: readonly Route[], version: string, basePath: string): Route {
  let document: Promise<Buffer> | undefined;
  const make = async () => Buffer.from(JSON.stringify(await openApi([...routes, own], version, basePath)));
  const own: Route = openRoute({
    line: 'own',
    method: 'GET',
    path: '/openapi.json',
    tag: 'Service',
    summary: 'OpenAPI document of this API',
    answer: z.record(z.string(), z.unknown()),
    handle: async () => new Reply(200, await (document ??= make())),
  });
  return own;
}
