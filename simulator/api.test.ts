import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Api } from './api.ts';

let server: Server;
let url: string;
/** Requests as `METHOD path token`. */
let seen: string[];
/** Access tokens that are accepted. */
let valid: Set<string>;
let expiresIn: number;
let issued: number;

beforeEach(async () => {
  seen = [];
  valid = new Set();
  expiresIn = 900;
  issued = 0;
  server = createServer((request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    seen.push(`${request.method} ${request.url} ${token}`.trim());
    const [status, body] = answer(request, token);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function answer({ url: path }: IncomingMessage, token: string): [number, unknown] {
  if (path === '/api/auth/login' || path === '/api/auth/refresh') {
    const accessToken = `a${++issued}`;
    valid.add(accessToken);
    return [200, { accessToken, refreshToken: `r${issued}`, expiresIn, user: {} }];
  }
  if (!valid.has(token)) return [401, { code: 'token_expired', detail: 'old', retryable: false }];
  if (path === '/api/sessions')
    return [409, { code: 'session_exists', detail: 'running', retryable: false, ref: 'the-session' }];
  return [200, { items: [], nextCursor: null, ticket: 't' }];
}

test('a refused token is renewed once for all pending requests, which are then retried', async () => {
  const api = new Api(url);
  await api.login('a@example.org', 'secret');
  valid.clear();
  await Promise.all([api.session('x'), api.session('y'), api.session('z')]);
  expect(seen.filter((request) => request.includes('refresh'))).toHaveLength(1);
  expect(seen.filter((request) => request.endsWith('a2'))).toHaveLength(3);
});

test('a ticket is requested only with a token that does not expire soon', async () => {
  expiresIn = 120;
  const api = new Api(url);
  await api.login('a@example.org', 'secret');
  await api.session('x');
  expect(seen.at(-1)).toMatch(/a1$/);
  await api.ticket('x');
  expect(seen.slice(-2)).toEqual(['POST /api/auth/refresh', 'POST /api/sessions/x/ticket a2']);
});

test('errors have a code, a detail and a retryable flag', async () => {
  const api = new Api(url);
  await api.login('a@example.org', 'secret');
  await expect(api.startSession('x')).rejects.toMatchObject({
    status: 409,
    code: 'session_exists',
    retryable: false,
    ref: 'the-session',
  });
  server.closeAllConnections();
  server.close();
  await expect(api.session('x')).rejects.toMatchObject({ status: 0, code: 'unavailable', retryable: true });
});

test('an external token is used unchanged', async () => {
  await expect(new Api(url, 'elsewhere').session('x')).rejects.toMatchObject({
    code: 'token_expired',
    retryable: false,
  });
  expect(seen).toEqual(['GET /api/sessions/x elsewhere']);
});

test('the expiry is read from an external token, and is undefined for a renewable login and for malformed tokens', async () => {
  const token = `x.${Buffer.from('{"exp":1700000000}').toString('base64url')}.y`;
  expect(new Api(url, token).endsAt).toBe(1_700_000_000_000);
  expect(new Api(url, 'elsewhere').endsAt).toBeUndefined();
  const api = new Api(url);
  await api.login('a@example.org', 'secret');
  expect(api.endsAt).toBeUndefined();
});
