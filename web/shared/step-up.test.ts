import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Api } from './api.ts';

let proven = false;
let requests: string[] = [];
const json = (status: number, body: unknown) => Response.json(body, { status });

async function answer(path: string): Promise<Response> {
  await new Promise((done) => setTimeout(done, 2));
  if (path === '/api/auth/login')
    return json(200, {
      accessToken: 'a',
      refreshToken: 'r',
      expiresIn: 900,
      user: { id: 'u', email: 'a@example.org' },
    });
  requests.push(path);
  return proven || path === '/api/free'
    ? json(200, { path })
    : json(403, { type: 'urn:invigil:error:step_up_required', code: 'step_up_required', detail: 'prove it again' });
}

beforeEach(() => {
  const store = new Map<string, string>();
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value),
    removeItem: (key: string) => store.delete(key),
  };
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('fetch', answer);
  proven = false;
  requests = [];
});
afterEach(() => vi.unstubAllGlobals());

async function signedIn(): Promise<Api> {
  const api = new Api();
  await api.signIn('/api/auth/login', { email: 'a@example.org', password: 'x' });
  return api;
}

test('requests refused for want of a fresh second factor prompt once, and are sent again', async () => {
  const api = await signedIn();
  let asked = 0;
  api.onStepUp(async () => {
    asked++;
    await new Promise((done) => setTimeout(done, 20));
    proven = true;
    return true;
  });
  expect(await Promise.all([api.get('/api/a'), api.post('/api/b'), api.get('/api/free')])).toEqual([
    { path: '/api/a' },
    { path: '/api/b' },
    { path: '/api/free' },
  ]);
  expect(asked).toBe(1);
  expect(requests.toSorted()).toEqual(['/api/a', '/api/a', '/api/b', '/api/b', '/api/free']);
});

test('without a proof the request stays refused, and the next one prompts again', async () => {
  const api = await signedIn();
  let asked = 0;
  api.onStepUp(() => Promise.resolve(++asked > 1 && (proven = true)));
  await expect(api.get('/api/a')).rejects.toMatchObject({ status: 403, code: 'step_up_required' });
  expect(await api.get('/api/a')).toEqual({ path: '/api/a' });
});

test('a page without a prompt passes the refusal on at once', async () => {
  const api = await signedIn();
  await expect(api.get('/api/a')).rejects.toMatchObject({ code: 'step_up_required' });
  expect(requests).toEqual(['/api/a']);
});
