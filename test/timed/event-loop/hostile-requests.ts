import type { Operation } from '../../support/openapi.ts';
import {
  hostileForms,
  hostileHeaders,
  hostileJsonBodies,
  hostileMultiparts,
  hostileQueries,
} from './hostile-values.ts';
import { bytesOf, type RawRequest } from './raw-request.ts';

export interface Attack {
  readonly route: string;
  readonly input: string;
  readonly bytes: () => Buffer;
}

export interface Site {
  /** Tokens, from most to least privileged. */
  readonly admin: string;
  readonly student: string;
  /** Ids that the student and the admin may refer to. */
  readonly ids: { readonly exam: string; readonly session: string; readonly event: string; readonly user: string };
}

type Shape = { properties?: Record<string, unknown>; $ref?: string };

/** Sample values by field name, to get a body past the fields that are not hostile. */
const samples = ({ ids }: Site): Record<string, unknown> => ({
  email: 'nobody@example.org',
  password: 'wrong horse battery',
  username: 'nobody@example.org',
  token: 'a',
  refreshToken: 'a',
  title: 'T',
  sessionId: ids.session,
  examId: ids.exam,
  type: 'COPY',
  decision: 'confirmed',
  reason: 'r',
  verdict: 'no_concern',
  policyVersion: 1,
  status: 'active',
  role: 'student',
});

const pathOf = ({ path }: Operation, { ids }: Site) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'userId' || path.startsWith('/api/users')) return ids.user;
    if (path.includes('/events/')) return ids.event;
    return path.includes('/exams/') ? ids.exam : ids.session;
  });

/** The most privileged token for an operation: the owner for student routes, an admin for all others. */
const tokenOf = ({ path, security }: Operation, site: Site) =>
  security.length === 0 || security.some((kind) => Object.keys(kind).length === 0)
    ? undefined
    : /proctoring\/event$|analyze-frame|^\/events\/$/.test(path)
      ? site.student
      : site.admin;

/** Every hostile input of one operation of the OpenAPI document, at its limits. */
export function attacksOn(operation: Operation, site: Site, componentOf: (name: string) => Shape): Attack[] {
  const { method, parameters = [], requestBody } = operation;
  const route = `${method} ${operation.path}`;
  const token = tokenOf(operation, site);
  const base = pathOf(operation, site);
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(
      ({ name }) =>
        `${name}=${encodeURIComponent(String({ event_type: 'COPY', severity: 1, title: 'T' }[name] ?? (name.includes('exam') ? site.ids.exam : site.ids.session)))}`,
    )
    .join('&');
  const path =
    operation.path.includes('analyze-frame') && query === ''
      ? `${base}?sessionId=${site.ids.session}`
      : query === ''
        ? base
        : `${base}?${query}`;
  const auth = token === undefined ? [] : [`Authorization: Bearer ${token}`];
  const attack = (input: string, request: Partial<RawRequest>): Attack => ({
    route,
    input,
    bytes: () => bytesOf({ method, path, headers: auth, ...request }),
  });
  const attacks: Attack[] = [];
  const queryNames = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  if (queryNames.length > 0)
    for (const [name, text] of Object.entries(hostileQueries(queryNames)))
      attacks.push(attack(`query: ${name}`, { path: `${base}?${text}` }));
  if (!requestBody) return attacks;
  const limit = Number(/\d+/.exec(requestBody.description)?.[0] ?? 1024 * 1024);
  for (const [type, { schema }] of Object.entries(requestBody.content)) {
    const shape = schema as Shape;
    const fields = Object.keys((shape.$ref ? componentOf(shape.$ref.split('/').at(-1) ?? '') : shape).properties ?? {});
    const sample = Object.fromEntries(Object.entries(samples(site)).filter(([name]) => fields.includes(name)));
    const own = (contentType: string, more: readonly string[] = auth) => [`Content-Type: ${contentType}`, ...more];
    if (type === 'application/json')
      for (const [name, body] of Object.entries(hostileJsonBodies(limit, fields, sample)))
        attacks.push(attack(name, { headers: own(type), body }));
    else if (type === 'multipart/form-data') {
      for (const [name, { boundary, body }] of Object.entries(hostileMultiparts(limit)))
        attacks.push(attack(name, { headers: own(`${type}; boundary=${boundary}`), body }));
    } else
      for (const [name, body] of Object.entries(hostileForms(limit, fields)))
        attacks.push(attack(name, { headers: own(type), body }));
    // From a stranger, and with an unsupported type.
    attacks.push(attack("a stranger's body at the limit", { headers: own(type, []), body: '['.repeat(limit) }));
    attacks.push(attack('a body of another type', { headers: own('text/plain'), body: 'x'.repeat(limit) }));
    attacks.push(
      attack('a body of eight times the limit', {
        headers: own(type),
        body: '--x\r\n'.repeat(Math.floor((8 * limit) / 5)),
      }),
    );
  }
  return attacks;
}

/** Inputs valid for any path. */
export function attacksOnHeaders(path: string, method = 'GET'): Attack[] {
  return Object.entries(hostileHeaders()).map(([input, line]) => ({
    route: `${method} ${path}`,
    input: `header: ${input}`,
    bytes: () => bytesOf({ method, path, headers: line.split('\r\n'), ...(method === 'POST' && { body: '{}' }) }),
  }));
}

/** Half a megabyte of requests at once, on one connection. */
export function bursts(site: Site): Attack[] {
  const burst = (input: string, request: RawRequest): Attack => ({
    route: 'one connection',
    input: `burst: ${input}`,
    bytes: () => {
      const one = bytesOf(request);
      return Buffer.concat(Array.from({ length: Math.ceil((512 * 1024) / one.length) }, () => one));
    },
  });
  const bearer = [`Authorization: Bearer ${site.student}`];
  const json = 'Content-Type: application/json';
  return [
    burst('no such path', { method: 'GET', path: '/a' }),
    burst('the home page', { method: 'GET', path: '/', headers: ['Accept: text/html'] }),
    burst('health', { method: 'GET', path: '/health' }),
    burst('the document', { method: 'GET', path: '/openapi.json' }),
    burst('preflights', { method: 'OPTIONS', path: '/api/auth/login', headers: ['Origin: https://x.example'] }),
    burst('another method', { method: 'PUT', path: '/api/auth/login' }),
    burst('bad tokens', { method: 'GET', path: '/api/auth/me', headers: ['Authorization: Bearer x.y.z'] }),
    burst('good tokens', { method: 'GET', path: '/api/auth/me', headers: bearer }),
    burst('logins of nobody', { method: 'POST', path: '/api/auth/login', headers: [json], body: '{"email":1}' }),
    burst('bodies that are no JSON', { method: 'POST', path: '/api/auth/refresh', headers: [json], body: '{' }),
    burst('refused handshakes', { method: 'GET', path: '/ws/exam' }),
    burst('names of others', { method: 'GET', path: '/api/auth/me', headers: ['Host: evil.example'] }),
    burst('proxies', {
      method: 'GET',
      path: '/health',
      headers: [`X-Forwarded-For: ${Array.from({ length: 300 }, () => '127.0.0.1').join(',')}`],
    }),
  ];
}
