import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROTOCOL, TICKET_PREFIX } from '../../protocol/version.ts';
import { RawHttp } from '../support/raw-http.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** Cookies of single sign-on and long proxy headers: up to 16 KiB of headers, as most servers take. */
let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site?.close());

const cookie = (bytes: number) => `sso=${'c'.repeat(bytes - 4)}`;

async function status(headers: string): Promise<number | undefined> {
  const http = new RawHttp(site.url);
  http.send(`GET /health HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`);
  const answer = await http.answer();
  http.destroy();
  return answer?.status;
}

test('a request with 15 KiB of cookies is served, at once and in pieces', async () => {
  expect(await status(`Cookie: ${cookie(15 * 1024)}`)).toBe(200);
  const http = new RawHttp(site.url);
  http.send(`GET /health HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie(9 * 1024)}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  http.send('; b=2\r\n\r\n');
  expect((await http.answer())?.status).toBe(200);
  http.destroy();
});

test('a request with 98 headers is served; one with more bytes of headers than 16 KiB is refused', async () => {
  expect(await status(Array.from({ length: 97 }, (_, i) => `X-Header-${i}: ${i}`).join('\r\n'))).toBe(200);
  expect(await status(`Cookie: ${cookie(20 * 1024)}`)).toBe(431);
});

test('an exam socket opens with 15 KiB of cookies', async () => {
  const { id } = await site.admin.createExam();
  const student = await site.student();
  const { ticket } = await student.examTicket((await student.startSession(id)).id);
  const socket = new WebSocket(`${site.url.replace('http', 'ws')}/ws/exam`, [PROTOCOL, TICKET_PREFIX + ticket], {
    headers: { cookie: cookie(15 * 1024) },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.close();
});
