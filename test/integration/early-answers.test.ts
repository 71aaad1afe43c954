import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { sized } from '../support/size.ts';

/** Every try has to see its whole answer; a reset that comes now and then needs many. */
const TRIES = sized(30, 12);

let site: TestServer;
let student: string;
beforeAll(async () => {
  site = await startTestServer({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  student = (await site.student()).tokens!.accessToken;
});
afterAll(() => site?.close());

interface Sent {
  /** Request line and headers of its own. */
  readonly head: string;
  readonly body?: string;
  /** The client sends the body when it is told to go on. */
  readonly waits?: boolean;
}

/** Pieces that a body is sent in. */
const PIECES = 24;

/**
 * Status of the answer, to a client as most are: it writes all of its request, a piece after the other, and reads the
 * answer then. One that is reset while it writes fails, whatever was on its way to it.
 */
function exchange({ head, body = '', waits = false }: Sent): Promise<number | string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(site.url);
    const socket = connect(Number(port), hostname);
    let received = '';
    let isSent = false;
    const done = (result: number | string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done(`nothing in time after ${received.length} bytes`), 15_000);
    const read = () => {
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
      if (isSent && end >= 0 && received.length >= end + 4 + (head.startsWith('HEAD') ? 0 : length))
        done(Number(received.slice(9, 12)));
    };
    const send = async () => {
      const size = Math.ceil(body.length / PIECES);
      for (let at = 0; at < body.length; at += size) {
        if (at > 0) await sleep(1);
        const written = new Promise<void>((resolve_) =>
          socket.write(body.slice(at, at + size), 'latin1', () => resolve_()),
        );
        isSent = at + size >= body.length;
        await written;
      }
      read();
    };
    socket.on('data', (data: Buffer) => {
      received += data.toString('latin1');
      if (received.startsWith('HTTP/1.1 100')) {
        received = received.slice(received.indexOf('\r\n\r\n') + 4);
        if (waits) void send();
      }
      read();
    });
    socket.on('error', (error) => done(String(error)));
    socket.on('close', () => (read(), done(`closed after ${received.length} bytes`)));
    socket.write(`${head}\r\nHost: x\r\n\r\n`);
    if (!waits) void send();
  });
}

const BAD = 'Authorization: Bearer x.y.z';
const JSON_TYPE = 'Content-Type: application/json';
const length = (bytes: number) => `Content-Length: ${bytes}`;
const lines = (...all: string[]) => all.join('\r\n');
const chunked = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`;
const KB_45 = 'x'.repeat(45 * 1024);
const MB_2 = 'x'.repeat(2 * 1024 * 1024);
const EVENT = 'POST /api/proctoring/event HTTP/1.1';

const CASES: readonly (readonly [string, number, Sent])[] = [
  ['a bad token, 45 KB', 401, { head: lines(EVENT, BAD, JSON_TYPE, length(KB_45.length)), body: KB_45 }],
  [
    'a bad token, 45 KB, and Connection: close',
    401,
    { head: lines(EVENT, BAD, JSON_TYPE, length(KB_45.length), 'Connection: close'), body: KB_45 },
  ],
  [
    'a bad token, 45 KB in chunks',
    401,
    { head: lines(EVENT, BAD, JSON_TYPE, 'Transfer-Encoding: chunked'), body: chunked(45 * 1024) },
  ],
  [
    'a bad token, 2 MB of a picture',
    401,
    {
      head: lines(
        'POST /api/cv/analyze-frame HTTP/1.1',
        BAD,
        'Content-Type: multipart/form-data; boundary=b',
        length(MB_2.length),
      ),
      body: MB_2,
    },
  ],
  [
    'a body above the limit of the route',
    413,
    { head: lines('POST /api/auth/login HTTP/1.1', JSON_TYPE, length(MB_2.length)), body: MB_2 },
  ],
  [
    'a chunked body above the limit of the route',
    413,
    {
      head: lines('POST /api/auth/login HTTP/1.1', JSON_TYPE, 'Transfer-Encoding: chunked'),
      body: chunked(1024 * 1024),
    },
  ],
  [
    'another media type',
    415,
    {
      head: lines('POST /api/auth/login HTTP/1.1', 'Content-Type: text/plain', length(15_000)),
      body: 'x'.repeat(15_000),
    },
  ],
  [
    'a rate-limited address',
    429,
    {
      head: lines(
        'POST /api/system-check/frame HTTP/1.1',
        'Content-Type: multipart/form-data; boundary=b',
        'X-Forwarded-For: 192.0.2.9',
        length(200_000),
      ),
      body: 'x'.repeat(200_000),
    },
  ],
  ['an unknown path', 404, { head: lines('POST /no/such/path HTTP/1.1', length(MB_2.length)), body: MB_2 }],
  [
    'another method',
    405,
    { head: lines('PUT /api/auth/login HTTP/1.1', length(MB_2.length), 'Connection: close'), body: MB_2 },
  ],
  [
    'a POST to a page',
    405,
    { head: lines('POST /exam HTTP/1.1', length(MB_2.length), 'Connection: close'), body: MB_2 },
  ],
  [
    'a GET with a body',
    200,
    { head: lines('GET /health HTTP/1.1', length(KB_45.length), 'Connection: close'), body: KB_45 },
  ],
  [
    'a HEAD with a body',
    200,
    { head: lines('HEAD /health HTTP/1.1', length(KB_45.length), 'Connection: close'), body: KB_45 },
  ],
  [
    'a preflight with a body',
    204,
    {
      head: lines(
        'OPTIONS /api/auth/login HTTP/1.1',
        'Origin: https://x.example',
        length(KB_45.length),
        'Connection: close',
      ),
      body: KB_45,
    },
  ],
  [
    'a role without the right',
    403,
    {
      head: lines(
        'POST /api/exams HTTP/1.1',
        'Authorization: Bearer STUDENT',
        JSON_TYPE,
        length(KB_45.length),
        'Connection: close',
      ),
      body: KB_45,
    },
  ],
  [
    'an invalid handshake with a body',
    400,
    { head: lines('GET /ws/exam HTTP/1.1', length(KB_45.length)), body: KB_45 },
  ],
  [
    'a handshake with a body',
    400,
    {
      head: lines(
        'GET /ws/exam HTTP/1.1',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        length(KB_45.length),
      ),
      body: KB_45,
    },
  ],
  [
    'a body after Expect: 100-continue',
    401,
    { head: lines(EVENT, BAD, JSON_TYPE, length(KB_45.length), 'Expect: 100-continue'), body: KB_45, waits: true },
  ],
  [
    'a body sent without waiting for 100 Continue',
    401,
    { head: lines(EVENT, BAD, JSON_TYPE, length(KB_45.length), 'Expect: 100-continue'), body: KB_45 },
  ],
  [
    'a body above the limit after Expect: 100-continue',
    413,
    {
      head: lines('POST /api/auth/login HTTP/1.1', JSON_TYPE, length(MB_2.length), 'Expect: 100-continue'),
      body: MB_2,
      waits: true,
    },
  ],
];

describe('a response before the end of the request arrives completely', () => {
  test.each(CASES)('%s: %i', async (_name, status, sent) => {
    const request = { ...sent, head: sent.head.replace('STUDENT', student) };
    if (status === 429) await Promise.all(Array.from({ length: 4 }, () => exchange(request)));
    const seen = [];
    // A few at a time, as a busy server has them.
    for (let i = 0; i < TRIES; i += 6)
      seen.push(...(await Promise.all(Array.from({ length: 6 }, () => exchange(request)))));
    // An address gets its turn back every half second.
    const wrong = seen.filter((result) => result !== status && !(status === 429 && result === 400));
    expect(wrong).toEqual([]);
    expect(seen).toContain(status);
  });

  test('a body that stalls is answered early, without the rest', async () => {
    const seen = await exchange({
      head: lines(EVENT, BAD, JSON_TYPE, length(KB_45.length)),
      body: KB_45.slice(0, 1000),
    });
    expect(seen).toBe(401);
  });

  test('an endless body is read to 64 MiB at most', async () => {
    const { hostname, port } = new URL(site.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.resume();
    socket.write(`${lines('POST /no/such/path HTTP/1.1', 'Host: x', length(1e12))}\r\n\r\n`);
    const megabyte = Buffer.alloc(1024 * 1024);
    while (!socket.closed)
      if (!socket.write(megabyte))
        await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))]);
    expect(socket.bytesWritten).toBeLessThan(200 * 1024 * 1024);
    expect((await fetch(`${site.url}/health`)).status).toBe(200);
  });
});

test('the connection serves the next request after the body was read', async () => {
  const { hostname, port } = new URL(site.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (data: Buffer) => (received += data.toString('latin1')));
  const answers = () => received.match(/HTTP\/1\.1 \d+/g) ?? [];
  const until = async (count: number) => {
    for (let i = 0; i < 500 && answers().length < count; i++) await sleep(20);
  };
  socket.write(`${lines(EVENT, BAD, JSON_TYPE, 'Host: x', length(KB_45.length))}\r\n\r\n${KB_45}`);
  await until(1);
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(2);
  expect(answers()).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
  socket.destroy();
});
