import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { Api } from '../support/api.ts';
import { createDatabase } from '../support/databases.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer();
});
afterAll(() => site.close());

const AT = '2026-01-01T10:00:00.000Z';

/** Sends signals with their data, all at once. @returns events after the last one is acknowledged */
async function send(attempt: Attempt, ...signals: readonly (readonly [string, object?])[]) {
  const socket = await attempt.connect();
  signals.forEach(([type, data], i) =>
    socket.send({ type: 'signal', seq: i + 1, signal: type, at: AT, ...(data && { data }) }),
  );
  await socket.until('the last ack', () => socket.of('ack').some(({ seq }) => seq === signals.length));
  const sent = socket.of('event').map(({ event }) => event as { type: string; durationMs: number });
  socket.close();
  const events = (await attempt.events()).filter(({ source }) => source === 'client');
  return { events, sent };
}

test('E9: RETURNED_TO_EXAM gives the newest absence of its type a length, once, and weighs nothing', async () => {
  const { events, sent } = await send(
    await startAttempt(site),
    ['TAB_SWITCH'],
    ['TAB_SWITCH'],
    ['RETURNED_TO_EXAM', { after: 'TAB_SWITCH', durationMs: 4200.4 }],
    ['RETURNED_TO_EXAM', { after: 'TAB_SWITCH', durationMs: 99_000 }],
  );
  expect(events.map(({ type, weight, durationMs }) => [type, weight, durationMs])).toEqual([
    ['TAB_SWITCH', 3, 0],
    ['TAB_SWITCH', 3, 4200],
    ['RETURNED_TO_EXAM', 0, 0],
    ['RETURNED_TO_EXAM', 0, 0],
  ]);
  expect(Date.parse(events[1]!.endedAt!) - Date.parse(events[1]!.startedAt)).toBe(4200);
  expect(sent.at(-2)).toMatchObject({ type: 'TAB_SWITCH', durationMs: 4200 });
});

test.for([
  { after: 'COPY', durationMs: 5 },
  { after: 'TAB_SWITCH', durationMs: -5 },
  { after: 'TAB_SWITCH', durationMs: '5' },
  { after: ['TAB_SWITCH'], durationMs: 5 },
  { after: 'NO_FACE', durationMs: 5 },
  {},
])('E9: %j changes no other event', async (data) => {
  const { events } = await send(await startAttempt(site), ['COPY'], ['TAB_SWITCH'], ['RETURNED_TO_EXAM', data]);
  expect(events.map(({ type, durationMs }) => [type, durationMs])).toEqual([
    ['COPY', 0],
    ['TAB_SWITCH', 0],
    ['RETURNED_TO_EXAM', 0],
  ]);
});

test('E9: a review between the beginning and the end of an absence is kept', async () => {
  const attempt = await startAttempt(site);
  const socket = await attempt.connect();
  const say = async (seq: number, type: string, data: object) => {
    socket.send({ type: 'signal', seq, signal: type, at: AT, data });
    await socket.until('ack', () => socket.of('ack').some((ack) => ack['seq'] === seq));
  };
  await say(1, 'WINDOW_BLUR', {});
  const [blur] = await attempt.events();
  await site.admin.post(`/api/events/${blur!.id}/review`, { decision: 'dismissed', reason: 'a fire drill' });
  await say(2, 'RETURNED_TO_EXAM', { after: 'WINDOW_BLUR', durationMs: 3000 });
  const [stored] = await site.admin.events(attempt.session.id);
  expect(stored).toMatchObject({ type: 'WINDOW_BLUR', durationMs: 3000, review: 'dismissed' });
  socket.close();
});

test('E9: PAGE_LEFT reported by a later page began that long before, at most at the start of the session', async () => {
  const attempt = await startAttempt(site);
  const { events } = await send(attempt, ['PAGE_LEFT', { durationMs: 3_600_000 }]);
  expect(events[0]).toMatchObject({ type: 'PAGE_LEFT', weight: 3, startedAt: attempt.session.startedAt });
  expect(events[0]!.durationMs).toBeLessThan(3_600_000);
});

test('E9: an absence during which the server was restarted gets its length; one that has it keeps it', async () => {
  const database = await createDatabase('pglite', 'admin');
  const first = await startTestServer({ database });
  const attempt = await startAttempt(first);
  const before = await attempt.connect();
  const { stream } = before.of('welcome')[0]!;
  const absences = [['WINDOW_BLUR'], ['RETURNED_TO_EXAM', { after: 'WINDOW_BLUR', durationMs: 700 }], ['TAB_SWITCH']];
  absences.forEach(([type, data], i) =>
    before.send({ type: 'signal', seq: i + 1, signal: type, at: AT, ...(data !== undefined && { data }) }),
  );
  await before.until('acks', () => before.of('ack').some(({ seq }) => seq === 3));
  await first.close();
  const second = await startTestServer({ database });
  const student = Object.assign(new Api(second.url), { tokens: attempt.student.tokens });
  const after = new RawSocket(second.url, await student.examTicket(attempt.session.id));
  await after.opened();
  after.send({ type: 'hello', resume: { stream, lastSeq: 3 } });
  await after.next('welcome');
  const ended = { after: 'TAB_SWITCH', durationMs: 90_000 };
  after.send({ type: 'signal', seq: 4, signal: 'RETURNED_TO_EXAM', at: AT, data: ended });
  const again = { after: 'WINDOW_BLUR', durationMs: 1 };
  after.send({ type: 'signal', seq: 5, signal: 'RETURNED_TO_EXAM', at: AT, data: again });
  await after.until('acks', () => after.of('ack').some(({ seq }) => seq === 5));
  const events = (await student.events(attempt.session.id)).filter(({ source }) => source === 'client');
  expect(events.map(({ type, durationMs }) => [type, durationMs])).toEqual([
    ['WINDOW_BLUR', 700],
    ['RETURNED_TO_EXAM', 0],
    ['TAB_SWITCH', 90_000],
    ['RETURNED_TO_EXAM', 0],
    ['RETURNED_TO_EXAM', 0],
  ]);
  after.close();
  await second.close();
  await database.remove();
});
