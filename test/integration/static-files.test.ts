import { afterAll, beforeAll, expect, test } from 'vitest';
import { partOf } from '../../server/http/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site.close());

test.each(['/sdk/invigil.js', '/sdk/invigil.iife.js', '/sdk/capture-worker.js', '/sdk/frame.js'])(
  '%s may be loaded by pages of any origin',
  async (path) => {
    const answer = await fetch(site.url + path, { headers: { origin: 'https://exams.example.org' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  },
);

test.each(['/', '/exam', '/console', '/docs'])('the page %s may be read by its own origin only', async (path) => {
  const answer = await fetch(site.url + path, {
    headers: { accept: 'text/html', origin: 'https://exams.example.org' },
  });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
});

test('HEAD of a page has no body', async () => {
  const answer = await fetch(`${site.url}/exam`, { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(100);
});

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(site.url + path, { method, headers: { accept: BROWSER, ...headers }, redirect: 'manual' });

test.each([
  ['/admin/exams', '/admin#/exams'],
  ['/admin/exams?when=past&q=a%20b', '/admin#/exams?when=past&q=a%20b'],
  ['/console/session/019a/review', '/console#/session/019a/review'],
  ['/exam/exam/019a', '/exam#/exam/019a'],
  ['/admin//example.org', '/admin#//example.org'],
  // Routes of ProctorBE.
  ['/admin/sessions', '/console#/sessions'],
  ['/admin/sessions/019a/events', '/console#/session/019a'],
])('%s in the address bar of a browser leads to %s', async (path, target) => {
  const answer = await ask(path);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, target]);
  expect(answer.headers.get('vary')).toBe('Accept');
});

test.each(['/nothing', '/guides/nothing', '/account/password', '/system-check/camera', '/not-found', '/admin.php'])(
  '%s in the address bar of a browser answers a page with links, status 404',
  async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await answer.text()).toContain('<title>Page not found');
  },
);

test.each([
  ['a program', '/admin/exams', { accept: '*/*' }, 'GET'],
  ['a program that prefers JSON', '/nothing', { accept: 'application/json' }, 'GET'],
  ['a login', '/admin/exams', { authorization: 'Bearer x' }, 'GET'],
  ['another method', '/admin/exams', {}, 'POST'],
  ['a path of the API', '/api/nothing', {}, 'GET'],
  ['a missing file of a page', '/assets/nothing.js', {}, 'GET'],
] as const)('%s gets a problem in JSON for an unknown path', async (_who, path, headers, method) => {
  const answer = await ask(path, headers, method);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
});

test('a route of ProctorBE below a page answers programs as before', async () => {
  expect((await ask('/admin/sessions', { accept: '*/*' })).status).toBe(401);
  expect((await ask('/admin/sessions', { authorization: 'Bearer x' })).status).toBe(401);
});

test('a path with characters that no address has stands for no page', () => {
  expect([partOf('/admin/\u00e9', ''), partOf('/admin/', ''), partOf('/home/x', '')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
