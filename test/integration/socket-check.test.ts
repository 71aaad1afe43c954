import { pino } from 'pino';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Line = { level: number; msg: string; host?: string; origin?: string; setting?: string };

const PUBLIC = 'https://exam.example.org';
const PARTNER = 'https://learn.example.org';
let site: TestServer;
const lines: Line[] = [];

beforeAll(async () => {
  site = await startTestServer({
    env: { PUBLIC_URL: PUBLIC, ALLOWED_ORIGINS: PARTNER, TRUSTED_PROXIES: '127.0.0.1' },
    overrides: { log: pino({}, { write: (text: string) => void lines.push(JSON.parse(text) as Line) }) },
  });
});
afterAll(() => site.close());

/** @param from address of the client: what one client did is no reason for another */
async function ask(headers: Record<string, string>, query = '', from = '127.0.0.1') {
  const connection = new RawHttp(site.url, from);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  connection.send(`POST /api/socket-check${query} HTTP/1.1\r\n${head.join('')}Content-Length: 0\r\n\r\n`);
  const answer = (await connection.answer('POST'))!;
  connection.destroy();
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  return { status: answer.status, ...(JSON.parse(answer.text) as Record<string, unknown>) };
}

/** Status of the answer to a handshake. */
function handshake(headers: Record<string, string>, path = '/ws/console'): Promise<number> {
  const protocols = [PROTOCOL, `${TICKET_PREFIX}${'A'.repeat(43)}`];
  const socket = new WebSocket(site.url.replace('http', 'ws') + path, path === '/ws/check' ? [] : protocols, {
    headers,
  });
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
  });
}

const server = (url: string) => `?server=${encodeURIComponent(url)}`;
const about = (part: Partial<Line>) =>
  lines.filter((line) => Object.entries(part).every(([name, value]) => line[name as keyof Line] === value));

describe('a page whose sockets fail', () => {
  test.each([
    ['of the public address', { host: 'exam.example.org', origin: PUBLIC }, server(PUBLIC)],
    [
      'of the public address, behind a proxy that changes Host',
      { host: 'invigil:8080', origin: PUBLIC },
      server(PUBLIC),
    ],
    ['of an allowed site', { host: 'exam.example.org', origin: PARTNER }, server(PUBLIC)],
    ['that names no server', { host: 'exam.example.org', origin: PUBLIC }, ''],
  ])('%s is told that it is allowed', async (_, headers, query) => {
    expect(await ask(headers, query, '127.0.0.7')).toEqual({
      status: 200,
      allowed: true,
      code: null,
      setting: null,
      origin: null,
      detail: null,
    });
  });

  test.each([
    [
      'of this server under another address: it has to be in PUBLIC_URL',
      { host: 'invigil:8080', origin: 'https://other.example.org' },
      server('https://other.example.org/invigil'),
      { code: 'bad_origin', setting: 'PUBLIC_URL', origin: 'https://other.example.org' },
    ],
    [
      'of another site: it has to be in ALLOWED_ORIGINS',
      { host: 'exam.example.org', origin: 'https://lms.example.com' },
      server(PUBLIC),
      { code: 'bad_origin', setting: 'ALLOWED_ORIGINS', origin: 'https://lms.example.com' },
    ],
    [
      'that reaches the server by an unknown name: it has to be in PUBLIC_URL',
      { host: 'second.example.org', origin: 'https://second.example.org' },
      server('https://second.example.org'),
      { code: 'unknown_host', setting: 'PUBLIC_URL', origin: 'https://second.example.org' },
    ],
    [
      'whose right name is in X-Forwarded-Host only, which is not read',
      { host: 'second.example.org', origin: PUBLIC, 'x-forwarded-host': 'exam.example.org' },
      server(PUBLIC),
      { code: 'unknown_host', setting: 'PUBLIC_URL', origin: PUBLIC },
    ],
  ])('%s', async (_, headers, query, expected) => {
    expect(await ask(headers, query)).toMatchObject({ status: 200, allowed: false, ...expected });
  });

  test('whose proxy drops Upgrade is told so, and no page of another address', async () => {
    const connection = new RawHttp(site.url);
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';
    connection.send(`GET /ws/exam HTTP/1.1\r\nHost: exam.example.org\r\n${key}\r\n\r\n`);
    expect((await connection.answer('GET'))?.status).toBe(400);
    connection.destroy();
    const headers = { host: 'exam.example.org', origin: PUBLIC };
    expect(await ask(headers)).toMatchObject({ allowed: false, code: 'websocket_blocked', setting: 'proxy' });
    expect(await ask(headers, '', '127.0.0.8')).toMatchObject({ allowed: true });
    expect(about({ setting: 'proxy' })).toHaveLength(1);
  });
});

describe('the log', () => {
  test.each(['/ws/console', '/ws/exam', '/ws/check'])(
    'names the setting once for each refused origin and host, on %s',
    async (path) => {
      const origin = `https://${path.split('/')[2]}.example.net`;
      for (let i = 0; i < 3; i++) expect(await handshake({ origin }, path)).toBe(403);
      const found = about({ origin });
      expect(found).toHaveLength(1);
      expect(found[0]!.msg).toMatch(/PUBLIC_URL.*ALLOWED_ORIGINS/);
    },
  );

  test('names PUBLIC_URL once for each unknown host, and X-Forwarded-Host does not help', async () => {
    for (const host of ['one.example.net', 'two.example.net', 'one.example.net'])
      expect(await handshake({ host, origin: PUBLIC, 'x-forwarded-host': 'exam.example.org' })).toBe(421);
    for (const host of ['one.example.net', 'two.example.net']) {
      expect(about({ host, setting: 'PUBLIC_URL' })).toHaveLength(1);
      expect(about({ host })[0]!.msg).toMatch(/PUBLIC_URL.*Host/);
    }
  });

  test('X-Forwarded-Host with a foreign name changes nothing for the right Host', async () => {
    // The ticket is refused, not the host.
    expect(await handshake({ host: 'exam.example.org', origin: PUBLIC, 'x-forwarded-host': 'evil.example' })).toBe(401);
  });

  test('gets at most 20 such lines an hour, whatever names strangers send', async () => {
    for (let i = 0; i < 40; i++) await ask({ host: 'exam.example.org' }, '', '127.0.0.9');
    for (let i = 0; i < 40; i++) await handshake({ host: `n${i}.example.net` });
    expect(lines.filter(({ setting }) => setting !== undefined).length).toBeLessThanOrEqual(20);
  });
});
