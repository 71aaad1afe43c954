import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../protocol/events.ts';
import type { Db } from '../../db/executor.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
let db: Db;
beforeAll(async () => {
  site = await startTestServer({ overrides: { db: (real: Db) => (db = real) } });
});
afterAll(() => site.close());

const JSON_TYPE = { 'content-type': 'application/json' };
/** A burst, the budget refilled while a test runs, and a margin for a slow machine. */
const MOST_ROWS = 900;

const stored = async ({ session }: Attempt) =>
  db.selectFrom('events').selectAll().where('session_id', '=', session.id).orderBy('seq').execute();
const counted = (rows: Awaited<ReturnType<typeof stored>>, type = 'SIGNALS_OVER_BUDGET') =>
  rows
    .filter((row) => row.type === type)
    .map((row) => row.details as unknown as { count: number; refused: number; types: Record<string, number> });

/** Sends signals as fast as they are acknowledged. @returns the highest acknowledged number */
async function flood(socket: RawSocket, count: number, body: (seq: number) => object): Promise<number> {
  const acked = () => Number(socket.of('ack').at(-1)?.['seq'] ?? 0);
  let sent = 0;
  while (sent < count) {
    while (sent < Math.min(count, acked() + 64)) socket.send(body(++sent));
    await sleep(2);
  }
  await socket.until('the last ack', () => acked() === sent);
  return sent;
}

describe('a flood of signals (S10)', () => {
  test('is stored within its budget, acknowledged and counted in one event beyond it, and consoles get stored events only', async () => {
    const attempt = await startAttempt(site);
    const proctor = await watchExam(site, attempt.exam.id);
    const socket = await attempt.connect();
    const sent = await flood(socket, 1600, (seq) => signal(seq, 'NOISE'));
    const rows = await stored(attempt);
    const [over, ...more] = counted(rows);
    expect(more).toEqual([]);
    expect(rows.length).toBeLessThan(MOST_ROWS);
    // Exactly once: individually or counted.
    expect(rows.filter(({ type }) => type === 'NOISE').length + over!.count).toBe(sent);
    expect(over!.types).toEqual({ NOISE: over!.count });
    expect(proctor.of('event').length).toBeLessThan(MOST_ROWS + 60);
    expect(socket.closeCode).toBeUndefined();
    // A signal with a known name is stored regardless of the flood.
    socket.send(signal(sent + 1, 'TAB_SWITCH'));
    await socket.until('its ack', () => socket.of('ack').some(({ seq }) => seq === sent + 1));
    expect((await stored(attempt)).filter(({ type }) => type === 'TAB_SWITCH')).toHaveLength(1);
    expect(rows.find(({ type }) => type === 'SIGNALS_OVER_BUDGET')).toMatchObject({
      weight: 4,
      severity: 'high',
      source: 'connection',
    });
    socket.close();
    proctor.close();
  });

  test('gets no new budget on another connection, in another stream or over HTTP', async () => {
    const attempt = await startAttempt(site);
    for (let round = 0; round < 3; round++) {
      const socket = await attempt.connect();
      for (let seq = 1; seq <= 400; seq += 64) {
        for (let n = seq; n < seq + 64; n++) socket.send(signal(n, 'NOISE'));
        await socket.until('an ack', () => socket.of('ack').some((ack) => Number(ack['seq']) === seq + 63));
      }
      socket.close();
    }
    expect((await stored(attempt)).length).toBeLessThan(MOST_ROWS);
    const send = (path: string, body?: unknown) =>
      attempt.student.send('POST', path, body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_TYPE });
    const answers = [];
    for (let n = 0; n < 30; n++)
      answers.push(await send('/api/proctoring/event', { sessionId: attempt.session.id, type: 'NOISE' }));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ body: { code: 'rate_limited', retryable: true } });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const old = [];
    for (let n = 0; n < 60; n++)
      old.push((await send(`/events/?session_id=${attempt.session.id}&event_type=NOISE&severity=1`)).status);
    expect(old).toContain(429);
    await waitFor(
      'the refused ones counted',
      async () => (counted(await stored(attempt))[0]?.refused ?? 0) >= refused.length,
    );
  });

  test('of reused sequence numbers is counted, too (S5)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send(signal(1, 'COPY'));
    await socket.next('ack');
    for (let n = 0; n < 400; n++) socket.send({ ...signal(1, 'PASTE'), data: { n } });
    await socket.until('their refusals', () => socket.of('error').length === 400);
    await waitFor(
      'the count',
      async () => (counted(await stored(attempt), 'EVENTS_OVER_BUDGET')[0]?.count ?? 0) >= 300,
    );
    expect((await stored(attempt)).length).toBeLessThan(100);
    expect(socket.closeCode).toBeUndefined();
    socket.close();
  });
});

describe('signals of honest students (S10)', () => {
  test('500 signals queued while offline are all stored, in order', async () => {
    const attempt = await startAttempt(site);
    const client = createClient(attempt.student, attempt.session.id);
    for (let n = 1; n <= 500; n++) client.signal('WINDOW_BLUR', { n });
    await client.connect();
    await client.drained();
    client.close();
    const events = (await attempt.events()).filter(({ type }) => type === 'WINDOW_BLUR');
    expect(events.map(({ details }) => (details['data'] as { n: number }).n)).toEqual(
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
    expect(counted(await stored(attempt))).toEqual([]);
  });

  test('far more of them are acknowledged and deduplicated after a restart of the server (S4)', async () => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    const sent = await flood(socket, 1200, (seq) => signal(seq, 'NOISE'));
    const stream = socket.of('welcome')[0]!['stream'] as string;
    socket.close();
    await socket.closed();
    // As after a takeover by another process: nothing is in memory.
    const { readCountedSeq, readStreamTail } = await import('../../db/events.ts');
    const counts = await readCountedSeq(db, attempt.session.id, stream);
    const tail = await readStreamTail(db, attempt.session.id, stream, 64);
    expect(Math.max(counts, tail!.lastSeq)).toBe(sent);
  });
});

describe('the data of a signal', () => {
  const cases: [string, unknown, boolean][] = [
    ['2,000 bytes', 'x'.repeat(2000), true],
    ['2,100 bytes', 'x'.repeat(2100), false],
    ['700 characters of three bytes', '猫'.repeat(700), false],
    ['600 characters of four bytes', '😀'.repeat(600), false],
    ['500 characters of four bytes', '😀'.repeat(500), true],
  ];
  test.each(cases)('is limited to 2 KiB in bytes: %s, over HTTP and the socket (S11 H1)', async (_name, text, fits) => {
    const attempt = await startAttempt(site);
    const body = { sessionId: attempt.session.id, type: 'COPY', data: { text } };
    const answer = await attempt.student.send('POST', '/api/proctoring/event', {
      body: JSON.stringify(body),
      headers: JSON_TYPE,
    });
    expect(answer.status).toBe(fits ? 201 : 400);
    const socket = await attempt.connect();
    socket.send({ ...signal(1, 'COPY'), data: { text } });
    if (fits) await socket.next('ack');
    else expect(await socket.next('error')).toMatchObject({ code: 'too_large', ref: 1 });
    socket.close();
  });
});

test.each([
  'PROCTOR_APPROVED_BREAK',
  'PR0CTOR_NOTE',
  'BREAK_BY_PROCTOR',
  'SESSION_REVIEWED',
  'SERVER_NOTE',
  'ADMIN_NOTE',
  'N0_FACE',
  'NO__FACE',
  'SECURITY_CLEARED',
  'VERDICT_NO_CONCERN',
])(
  '%s, which reads as an act of staff or of the server, is refused on the socket, by HTTP and by the older path (S7)',
  async (type) => {
    const attempt = await startAttempt(site);
    const socket = await attempt.connect();
    socket.send(signal(1, type));
    expect(await socket.next('error')).toMatchObject({ code: 'reserved_signal', ref: 1 });
    socket.send(signal(1, 'COPY'));
    await socket.next('ack');
    const body = JSON.stringify({ sessionId: attempt.session.id, type });
    expect(await attempt.student.send('POST', '/api/proctoring/event', { body, headers: JSON_TYPE })).toMatchObject({
      status: 400,
      body: { code: 'reserved_signal' },
    });
    const old = await attempt.student.send(
      'POST',
      `/events/?session_id=${attempt.session.id}&event_type=${type}&severity=1`,
    );
    expect(JSON.stringify(old.body)).toContain('is reserved for the server');
    expect((await attempt.events()).map((event: Event) => event.type)).toEqual(['COPY']);
    socket.close();
  },
);
