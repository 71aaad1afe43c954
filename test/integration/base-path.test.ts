import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { readConfig } from '../../server/config.ts';
import { startServer } from '../../server/context.ts';
import { ADMIN } from '../support/admin.ts';
import { createDatabase } from '../support/databases.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const BASE = '/tools/invigil';
const ORIGIN = 'https://uni.example.org';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ env: { BASE_PATH: BASE, PUBLIC_URL: ORIGIN } });
});
afterAll(() => site.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(site.url + path, { headers });

describe.each([
  ['passed on', BASE],
  ['stripped', ''],
])('with BASE_PATH, and the prefix %s by the proxy', (_, prefix) => {
  test.each(['/', '/exam', '/exam/', '/console', '/setup', '/account', '/admin', '/system-check', '/docs'])(
    'page %s names its scripts, styles and links under the prefix, and all of them are served',
    async (path) => {
      const page = await get(prefix + path, { accept: 'text/html' });
      expect(page.headers.get('content-type')).toContain('text/html');
      const html = await page.text();
      expect(html).toContain(`data-base-path="${BASE}"`);
      const addresses = [...html.matchAll(/ (?:href|src)="([^"]+)"/g)].map((match) => match[1]!);
      expect(addresses.length).toBeGreaterThan(2);
      for (const address of addresses) {
        expect(address.startsWith(`${BASE}/`), address).toBe(true);
        expect((await get(prefix === '' ? address.slice(BASE.length) : address)).status, address).toBe(200);
      }
    },
  );

  test.each([
    ['/health', 200],
    ['/ready', 200],
    ['/metrics', 200],
    ['/openapi.json', 200],
    ['/protocol.json', 200],
    ['/sdk/invigil.iife.js', 200],
    ['/sdk/capture-worker.js', 200],
    ['/api/auth/me', 401],
    ['/exams/', 200],
    ['/nothing', 404],
    ['/ws/exam', 400],
    ['/ws/check', 400],
  ])('%s answers %d', async (path, status) => {
    expect((await get(prefix + path)).status).toBe(status);
  });

  test('the preflight, another method and the query work', async () => {
    const preflight = await fetch(`${site.url}${prefix}/api/exams`, { method: 'OPTIONS' });
    expect(preflight.headers.get('allow')).toContain('POST');
    expect((await fetch(`${site.url}${prefix}/api/exams`, { method: 'PUT' })).status).toBe(405);
    expect((await get(`${prefix}/exams/?limit=0`)).status).toBe(400);
  });

  test("an exam socket opens at the ticket's address", async () => {
    const { id } = await site.admin.createExam();
    const student = await site.student();
    const { ticket, url } = await student.examTicket((await student.startSession(id)).id);
    expect(url).toBe(`${BASE}/ws/exam`);
    const path = prefix === '' ? url.slice(BASE.length) : url;
    const socket = new WebSocket(site.url.replace('http', 'ws') + path, [PROTOCOL, TICKET_PREFIX + ticket], {
      headers: { origin: ORIGIN },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.close();
  });

  test("the device cookie's path is the browser's", async () => {
    const { host } = new URL(site.url);
    const answer = await fetch(`${site.url}${prefix}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: `http://${host}` },
      body: JSON.stringify(ADMIN),
    });
    expect(answer.headers.get('set-cookie')).toContain(`; Path=${BASE}/api/auth;`);
  });
});

test('the prefix itself is the home page, and another path that begins like it is not', async () => {
  expect((await get(BASE, { accept: 'text/html' })).headers.get('content-type')).toContain('text/html');
  expect(await (await get(BASE)).json()).toEqual({ status: 'ok' });
  expect((await get(`${BASE}-2/health`)).status).toBe(404);
  expect((await get(`${BASE}${BASE}/health`)).status).toBe(404);
});

test('addresses in answers have the prefix: OpenAPI, reset links and pages of lists', async () => {
  const api = (await (await get('/openapi.json')).json()) as { servers: unknown };
  expect(api.servers).toEqual([{ url: BASE }]);
  const { userId } = await site.student();
  expect((await site.admin.post<{ path: string }>(`/api/users/${userId}/reset`, {})).path).toMatch(
    new RegExp(`^${BASE}/account#reset=`),
  );
  await site.admin.createExam();
  await site.admin.createExam();
  const { headers } = await site.admin.send('GET', '/exams/?limit=1');
  expect(headers.get('link')).toMatch(new RegExp(`^<${BASE}/exams/\\?cursor=`));
});

test('the set-up link has the public URL and the prefix', async () => {
  const database = await createDatabase('pglite');
  const { config, secrets } = readConfig({
    BASE_PATH: BASE,
    PUBLIC_URL: ORIGIN,
    PORT: '0',
    DATA_DIR: database.dataDir,
    LOG_LEVEL: 'silent',
    VISION: 'off',
    DRAIN_SECONDS: '0',
  });
  const server = await startServer(config, secrets);
  expect(server.setupLink).toMatch(new RegExp(`^${ORIGIN}${BASE}/setup#[\\w-]+$`));
  await server.close();
  await database.remove();
});

test('scripts and styles name no address from the root', () => {
  const folder = new URL('../../dist/web/assets/', import.meta.url).pathname;
  const files = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
  expect(files.length).toBeGreaterThan(10);
  for (const name of files) expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/["'`(]\/assets\//);
});
