import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { signal, startAttempt } from '../support/attempt.ts';
import { BareSocket } from '../support/bare-socket.ts';
import { OP } from '../support/frames.ts';
import { readMetrics } from '../support/gauges.ts';
import { RawHttp } from '../support/raw-http.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

/** Most of these start a server of their own. */
vi.setConfig({ testTimeout: 180_000 });

const open: { destroy(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
});
const keep = <T extends { destroy(): void }>(each: T): T => {
  open.push(each);
  return each;
};

const shed = async (site: TestServer, limit: string) =>
  (await readMetrics(site.url))('invigil_shed_total', `limit="${limit}"`);

/** A TCP connection from one of this machine's loopback addresses, and whether the server has ended it. */
function knock(site: TestServer, localAddress = '127.0.0.1'): { readonly socket: Socket; ended: boolean } {
  const { hostname, port } = new URL(site.url);
  const visitor = { socket: keep(connect({ host: hostname, port: Number(port), localAddress })), ended: false };
  visitor.socket
    .on('error', () => {})
    .on('close', () => (visitor.ended = true))
    .resume();
  return visitor;
}

const upgrade = (site: TestServer, ticket: { ticket: string; url: string }, headers: Record<string, string> = {}) =>
  keep(new BareSocket(site.url, ticket, { headers }));
const GARBAGE = { ticket: 'A'.repeat(43), url: '/ws/exam' };

/** A request that arrives byte by byte: begun before the other tests, which run while its patience lasts. */
let dripping: { readonly site: TestServer; readonly visitor: ReturnType<typeof knock>; answered: string };
beforeAll(async () => {
  const site = await startTestServer();
  const visitor = knock(site);
  // It outlives the tests that follow.
  open.splice(0);
  dripping = { site, visitor, answered: '' };
  visitor.socket.on('data', (data: Buffer) => (dripping.answered += data.toString('latin1')));
  visitor.socket.write('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  const drip = setInterval(() => visitor.socket.writable && visitor.socket.write('a'), 200);
  visitor.socket.on('close', () => clearInterval(drip));
});
afterAll(async () => {
  dripping?.visitor.socket.destroy();
  await dripping?.site.close();
});

describe('connections', () => {
  test('of one address within 10 s are limited: the next one is closed, and another address is served', async () => {
    await using site = await startTestServer({ env: { CONNECTIONS_PER_ADDRESS: '30' } });
    const flood = Array.from({ length: 100 }, () => knock(site, '127.0.0.2'));
    // The slower the machine, the more of them have the places that are given back meanwhile.
    await waitFor('65 of them closed', () => {
      flood.push(knock(site, '127.0.0.2'));
      return flood.filter(({ ended }) => ended).length >= 65;
    });
    expect(flood.filter(({ ended }) => !ended).length).toBeGreaterThan(0);
    expect((await fetch(`${site.url}/health`)).status).toBe(200);
    expect(await shed(site, 'connections_per_address')).toBeGreaterThanOrEqual(65);
    // Three a second are given back.
    await waitFor('a place', async () => {
      const later = new RawHttp(site.url, '127.0.0.2');
      later.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
      const answer = await later.answer();
      later.destroy();
      return answer?.status === 200;
    });
  });

  test('are limited in total: the next one is closed, open ones stay, and closing one frees its slot', async () => {
    await using site = await startTestServer({ env: { MAX_CONNECTIONS: '50' } });
    const attempt = await startAttempt(site);
    const honest = await attempt.connect();
    const flood = Array.from({ length: 100 }, () => knock(site));
    await waitFor('half of them closed', () => flood.filter(({ ended }) => ended).length >= 50);
    honest.send(signal(1));
    await honest.next('ack');
    for (const { socket } of flood) socket.destroy();
    await waitFor('an answer', async () => (await fetch(`${site.url}/health`).catch(() => undefined))?.status === 200);
    expect(await shed(site, 'connections')).toBeGreaterThanOrEqual(50);
    // Of sockets that were upgraded, too.
    honest.close();
    await waitFor('nobody but who asks', async () => (await readMetrics(site.url))('invigil_connections') <= 12);
  });

  test('are closed after each response while there are many', async () => {
    await using site = await startTestServer({ env: { MAX_CONNECTIONS: '50' } });
    const request = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
    const calm = keep(new RawHttp(site.url));
    calm.send(request);
    expect((await calm.answer())?.headers['connection']).toBeUndefined();
    Array.from({ length: 40 }, () => knock(site));
    await waitFor('a crowd', async () => (await fetch(`${site.url}/metrics`)).headers.get('connection') === 'close');
    const crowded = keep(new RawHttp(site.url));
    crowded.send(request);
    expect(await crowded.answer()).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await waitFor('its end', () => crowded.closed);
  });

  test('are closed if the client does not read its responses, with bounded buffers', async () => {
    const { site } = dripping;
    for (const path of ['/openapi.json', '/sdk/invigil.iife.js', '/api/nothing']) {
      const before = process.memoryUsage().rss;
      const greedy = knock(site);
      greedy.socket.pause();
      const requests = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(1000));
      await waitFor(`the end of the one that asks for ${path}`, () => {
        greedy.socket.write(requests);
        return greedy.ended;
      });
      // Kept in the server's process, they were gigabytes; this is the same process as the test's.
      expect(process.memoryUsage().rss - before, path).toBeLessThan(200 * 1024 * 1024);
    }
  });
});

/** Bad tickets until their address has had enough; ten a second are answered with their reason. */
async function refuseUntil429(
  site: TestServer,
  forwarded?: (i: number) => string,
  statuses: number[] = [],
): Promise<BareSocket> {
  for (let i = 0; ; i++) {
    const socket = upgrade(site, GARBAGE, forwarded && { 'X-Forwarded-For': forwarded(i) });
    await socket.answered();
    statuses.push(socket.status!);
    if (socket.status === 429 || i > 3000) return socket;
  }
}

describe('upgrades', () => {
  test('of one address are limited: the next one gets 429, and closing one frees its slot', async () => {
    await using site = await startTestServer({ env: { SOCKETS_PER_ADDRESS: '3' } });
    const attempts = await Promise.all([1, 2, 3, 4].map(() => startAttempt(site)));
    const sockets = [];
    for (const attempt of attempts.slice(0, 3)) sockets.push(await attempt.connect());
    const ticket = await attempts[3]!.student.examTicket(attempts[3]!.session.id);
    const refused = upgrade(site, ticket);
    await refused.answered();
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10']);
    expect(await shed(site, 'sockets_per_address')).toBe(1);
    sockets[0]!.close();
    await sockets[0]!.closed();
    // Its ticket was not used up.
    const admitted = upgrade(site, ticket);
    await admitted.answered();
    expect(admitted.status).toBe(101);
    for (const socket of sockets) socket.close();
  });

  test('not yet confirmed are limited to half as many', async () => {
    await using site = await startTestServer({ env: { SOCKETS_PER_ADDRESS: '6' } });
    const attempt = await startAttempt(site);
    const strangers = [];
    for (let i = 0; i < 3; i++) {
      strangers.push(upgrade(site, await attempt.student.examTicket(attempt.session.id)));
      await strangers[i]!.answered();
    }
    const fourth = upgrade(site, await attempt.student.examTicket(attempt.session.id));
    await fourth.answered();
    expect(fourth.status).toBe(429);
    expect(await shed(site, 'unconfirmed_sockets')).toBe(1);
    strangers[0]!.send({ opcode: OP.text, payload: '{"type":"hello"}' });
    await strangers[0]!.message('welcome');
    const fifth = upgrade(site, await attempt.student.examTicket(attempt.session.id));
    await fifth.answered();
    expect(fifth.status).toBe(101);
  });

  test('refused from one address get 401, then 429 with Retry-After, and a valid ticket is still accepted', async () => {
    const { site } = dripping;
    const attempt = await startAttempt(site);
    const statuses: number[] = [];
    const last = await refuseUntil429(site, undefined, statuses);
    expect([last.status, last.headers['retry-after']]).toEqual([429, '10']);
    expect(statuses.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 401));
    const honest = await attempt.connect();
    honest.send(signal(1));
    await honest.next('ack');
    honest.close();
  });

  test.each([
    ['a trusted proxy: they are told apart', '127.0.0.1', () => '203.0.113.9, 192.0.2.1', 401],
    ['anybody else: it is not believed', '10.0.0.0/8', (i: number) => `192.0.2.${i % 250}`, 429],
  ])('of the clients that X-Forwarded-For names, by %s', async (_, proxies, forwarded, status) => {
    await using site = await startTestServer({ env: { TRUSTED_PROXIES: proxies } });
    expect((await refuseUntil429(site, forwarded)).status).toBe(429);
    // Ten a second are given back meanwhile: of many at once, most are over the limit.
    const others = Array.from({ length: 60 }, () =>
      upgrade(site, GARBAGE, { 'X-Forwarded-For': '203.0.113.9, 192.0.2.251' }),
    );
    await Promise.all(others.map((other) => other.answered()));
    expect(others.map((other) => other.status)).toContain(status);
    if (status === 401) expect(new Set(others.map((other) => other.status))).toEqual(new Set([401]));
  });
});

describe('floods on a socket (T3)', () => {
  let site: TestServer;
  /** The server's clock is ahead by this, ms. */
  let ahead = 0;
  beforeAll(async () => {
    site = await startTestServer({ overrides: { clock: () => Date.now() + ahead } });
  });
  afterAll(() => site.close());

  test.each<[string, (socket: BareSocket, index: number) => void]>([
    ['pings', (socket) => socket.send({ opcode: OP.ping, payload: 'x' })],
    ['pongs', (socket) => socket.send({ opcode: OP.pong })],
    ['the same signal again', (socket) => socket.send({ opcode: OP.text, payload: JSON.stringify(signal(1)) })],
    [
      'signals that are reserved',
      (socket) => socket.send({ opcode: OP.text, payload: JSON.stringify(signal(1, 'NO_FACE')) }),
    ],
  ])('%s: 4429 rate_limited after a burst of 1,000', async (_, send) => {
    const attempt = await startAttempt(site);
    const socket = upgrade(site, await attempt.student.examTicket(attempt.session.id));
    await socket.answered();
    socket.send({ opcode: OP.text, payload: '{"type":"hello"}' });
    await socket.message('welcome');
    for (let i = 0; i < 990; i++) send(socket, i);
    // It is answered after all of them.
    socket.send({ opcode: OP.ping, payload: 'last' });
    await socket.until('its pong', () => socket.frames.some(({ payload }) => payload.toString() === 'last'));
    expect([socket.closed, socket.ended]).toEqual([undefined, false]);
    for (let i = 0; i < 1500; i++) send(socket, i);
    await socket.until('a close frame', () => socket.closed !== undefined);
    expect(socket.closed).toEqual({ code: 4429, reason: 'rate_limited' });
    expect(socket.messages.findLast(({ type }) => type === 'error')).toMatchObject({
      code: 'rate_limited',
      retryable: true,
    });
  });

  test('text of 16 KiB counts as 17 messages', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const large = { ...signal(1), data: { padding: 'x'.repeat(16 * 1024 - 200) } };
    for (let i = 0; i < 100; i++) socket.send(large);
    expect(await socket.closed()).toBe(4429);
  });

  test('a queue of 5,000 signals drains through a window of 64 at the rate of commits, without being closed (S6)', async () => {
    const attempt = await startAttempt(site);
    const socket: RawSocket = await attempt.connect();
    let [read, highest] = [0, 0];
    const acked = () => {
      for (; read < socket.messages.length; read++) {
        const { type, seq } = socket.messages[read]!;
        if (type === 'ack') highest = Math.max(highest, seq as number);
      }
      return highest;
    };
    for (let seq = 1; seq <= 5000; seq++) {
      // The session's budget fills up again (S10), so that signals are stored and not counted; within the login's life.
      if (seq % 500 === 0 && seq < 5000) ahead += 90_000;
      if (seq - acked() > 60) await socket.until('ack', () => seq - acked() <= 60);
      socket.send(signal(seq, 'FOCUS_LOST'));
    }
    await socket.until('all acknowledged', () => acked() === 5000);
    expect([socket.isOpen, socket.of('error')]).toEqual([true, []]);
    socket.close();
  });
});

test('connections are closed if a request arrives byte by byte for too long', async () => {
  const { site, visitor } = dripping;
  await waitFor('its end', () => visitor.ended);
  expect(dripping.answered).not.toContain('200 OK');
  expect((await fetch(`${site.url}/health`)).status).toBe(200);
});
