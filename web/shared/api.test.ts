import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api } from './api.ts';
import { tabStorage } from './safe-storage.ts';

const USER = { id: 'u', email: 'a@example.org', name: 'A', role: 'student', createdAt: '2026-01-01T10:00:00.000Z' };
let issued = 0;
let expiresIn = 900;
/** Access tokens that the fake server takes. */
let valid: Set<string>;
let refreshes: string[];
let refuseRefresh = 0;
/** Something on the way answers renewals with this. */
let intercept: (() => Response) | undefined;

const problem = (code: string) => ({ type: `urn:invigil:error:${code}`, code, detail: code });
const json = (status: number, body: unknown) => Response.json(body, { status });
function tokens(): unknown {
  const accessToken = `access-${++issued}`;
  valid.add(accessToken);
  return { accessToken, refreshToken: `refresh-${issued}`, expiresIn, user: USER };
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  await new Promise((done) => setTimeout(done, 2));
  if (path === '/api/auth/login') return json(200, tokens());
  if (path === '/api/auth/refresh') {
    refreshes.push((JSON.parse(String(init.body)) as { refreshToken: string }).refreshToken);
    if (intercept) return intercept();
    if (refuseRefresh) return json(refuseRefresh, problem(refuseRefresh === 401 ? 'refresh_reused' : 'unavailable'));
    return json(200, tokens());
  }
  const token = (init.headers as Record<string, string>)['authorization']?.slice('Bearer '.length) ?? '';
  return valid.has(token) ? json(200, { path }) : json(401, problem('token_expired'));
}

beforeEach(() => {
  const store = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  });
  vi.stubGlobal('fetch', answer);
  issued = 0;
  expiresIn = 900;
  valid = new Set();
  refreshes = [];
  refuseRefresh = 0;
  intercept = undefined;
});
afterEach(() => vi.unstubAllGlobals());

const signedIn = async () => {
  const api = new Api();
  await api.signIn('/api/auth/login', { email: 'a@example.org', password: 'x' });
  return api;
};

test('ten requests with an expired token renew it once, and all succeed', async () => {
  const api = await signedIn();
  valid.clear();
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => api.get<{ path: string }>(`/api/${i}`)));
  expect(answers.map(({ path }) => path)).toEqual(Array.from({ length: 10 }, (_, i) => `/api/${i}`));
  expect(refreshes).toEqual(['refresh-1']);
});

test('C8: a ticket is requested with a token that is renewed ahead of time, other requests are not', async () => {
  expiresIn = 120;
  const api = await signedIn();
  await api.get('/api/exams');
  expect(refreshes).toEqual([]);
  await api.ticket('/api/console/ticket');
  expect(refreshes).toEqual(['refresh-1']);
});

test('a refused renewal ends the login, also in session storage', async () => {
  const api = await signedIn();
  const heard: unknown[] = [];
  api.onUser((user) => heard.push(user));
  valid.clear();
  refuseRefresh = 401;
  await expect(api.ticket('/api/console/ticket')).rejects.toMatchObject({ code: 'unauthenticated', retryable: false });
  expect(heard).toEqual([undefined]);
  expect(new Api().user).toBeUndefined();
});

test('a renewal that fails temporarily keeps the login', async () => {
  const api = await signedIn();
  valid.clear();
  refuseRefresh = 503;
  await expect(api.get('/api/exams')).rejects.toMatchObject({ retryable: true });
  refuseRefresh = 0;
  await expect(api.get('/api/exams')).resolves.toEqual({ path: '/api/exams' });
  expect(new Api().user).toEqual(USER);
});

const FOREIGN: Record<string, () => Response> = {
  'a 401 page': () => new Response('<h1>Log in to the hotel</h1>', { status: 401 }),
  'a 403 with JSON of its own': () => json(403, { code: 'forbidden', error: 'blocked' }),
  'a 404': () => new Response('not found', { status: 404 }),
  'a 200 page': () => new Response('<h1>Welcome</h1>'),
  'an empty 200': () => new Response(''),
  'a 511': () => json(511, { type: 'about:blank' }),
};

test.each(Object.entries(FOREIGN))('%s from a captive portal is temporary and keeps the login', async (_name, page) => {
  const api = await signedIn();
  let portal = true;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => (portal ? Promise.resolve(page()) : answer(path, init)));
  await expect(api.ticket('/api/sessions/1/ticket')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  valid.clear();
  await expect(api.get('/api/exams')).rejects.toMatchObject({ retryable: true });
  expect(api.user).toEqual(USER);
  portal = false;
  await expect(api.get('/api/exams')).resolves.toEqual({ path: '/api/exams' });
});

test('requests do not follow redirects, which are those of a network', async () => {
  const api = await signedIn();
  const redirects: unknown[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    redirects.push(init.redirect);
    return answer(path, init);
  });
  await api.get('/api/exams');
  expect(redirects).toEqual(['error']);
});

test.for([
  ['an empty object', {}],
  ['null', null],
  ['a list', []],
  ['a notice of its own', { captive: true, 'user-portal-url': 'https://portal.invalid' }],
  ['tokens without a user', { accessToken: 'a', refreshToken: 'r', expiresIn: 900 }],
  ['texts in place of numbers', { accessToken: 'a', refreshToken: 'r', expiresIn: 'soon', user: USER }],
] as const)('a portal that answers a renewal by 200 and %s does not touch the login', async ([, body]) => {
  const api = await signedIn();
  valid.clear();
  intercept = () => json(200, body);
  await expect(api.ticket('/api/console/ticket')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  expect(new Api().user).toEqual(USER);
  intercept = undefined;
  await expect(api.ticket('/api/console/ticket')).resolves.toBeTruthy();
  expect(refreshes.at(-1)).toBe('refresh-1');
});

test.for([
  'garbage',
  'null',
  '[]',
  '"text"',
  '{}',
  '{"accessToken":1}',
  '{"user":{}}',
  '{"refreshToken":"r","user":null}',
])('site data that is no login, %s, counts as logged out', (text) => {
  tabStorage().setItem('invigil.login', text);
  tabStorage().setItem('invigil.logouts', text);
  expect(new Api().user).toBeUndefined();
});
