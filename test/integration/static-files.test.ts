import { afterAll, beforeAll, expect, test } from 'vitest';
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
