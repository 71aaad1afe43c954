import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { createDatabase } from '../support/databases.ts';
import { ManualTime } from '../support/manual-time.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
const time = new ManualTime();

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
});
afterAll(() => site.close());

const MINE = { device: 'device-of-mine', client: { name: 'invigil-client', version: '1.0.0' } };
const THEIRS = { ...MINE, device: 'device-of-theirs' };
/** Another /24. */
const ELSEWHERE = '127.0.7.1';

async function connect(
  { student, session }: Pick<Attempt, 'student' | 'session'>,
  hello: object,
  localAddress = '127.0.0.1',
  url = site.url,
): Promise<RawSocket> {
  const socket = new RawSocket(url, await student.examTicket(session.id), { localAddress });
  await socket.opened();
  socket.send({ type: 'hello', ...hello });
  await socket.next('welcome');
  return socket;
}

const changes = async (student: Api, session: string) =>
  (await student.events(session)).filter(({ type }) => type.endsWith('_CHANGED'));

/** Closes the socket; its loss is recorded. */
async function leave(socket: RawSocket, { student, session }: Attempt): Promise<void> {
  const count = async () => (await student.events(session.id)).filter(({ type }) => type === 'CONNECTION_LOST').length;
  const before = await count();
  socket.close();
  await waitFor('the gap', async () => (await count()) > before);
}

test('E11: somebody else with the same login on another device and network after 35 s is an event that lasts the gap', async () => {
  const attempt = await startAttempt(site);
  await leave(await connect(attempt, MINE), attempt);
  time.advance(35_000);
  const socket = await connect(attempt, THEIRS, ELSEWHERE);
  await socket.until('events', () => socket.of('event').length >= 4);
  const found = await changes(attempt.student, attempt.session.id);
  expect(found).toMatchObject([
    {
      type: 'DEVICE_CHANGED',
      source: 'connection',
      weight: 0,
      details: { changed: ['device', 'network'] },
    },
    { type: 'NETWORK_CHANGED', weight: 0, durationMs: 0 },
  ]);
  expect(found[0]!.durationMs).toBeGreaterThanOrEqual(35_000);
  // Neither the address nor the id.
  expect(JSON.stringify(found)).not.toMatch(/127\.0|device-of/);
  const read = await site.admin.get<{ attention: { value: number; level: string }; riskScore: number }>(
    `/api/sessions/${attempt.session.id}`,
  );
  expect(read.riskScore).toBe(0);
  expect(read.attention.level).not.toBe('calm');
  socket.close();
});

test('E11: another network alone is a small event; the same device again on the same network is none', async () => {
  const attempt = await startAttempt(site);
  await leave(await connect(attempt, MINE), attempt);
  await leave(await connect(attempt, { ...MINE, client: { ...MINE.client, version: '1.0.1' } }), attempt);
  expect(await changes(attempt.student, attempt.session.id)).toEqual([]);
  const socket = await connect(attempt, MINE, ELSEWHERE);
  await waitFor('the event', async () => (await changes(attempt.student, attempt.session.id)).length === 1);
  expect(await changes(attempt.student, attempt.session.id)).toMatchObject([{ type: 'NETWORK_CHANGED', weight: 0 }]);
  socket.close();
});

test('E11: a client that no longer tells its device or its name is a change; one that never did is none', async () => {
  const attempt = await startAttempt(site);
  await leave(await connect(attempt, MINE), attempt);
  const socket = await connect(attempt, {});
  await waitFor('the event', async () => (await changes(attempt.student, attempt.session.id)).length === 1);
  expect(await changes(attempt.student, attempt.session.id)).toMatchObject([
    { type: 'DEVICE_CHANGED', details: { changed: ['device', 'client'], clientBefore: 'invigil-client 1.0.0' } },
  ]);
  socket.close();
  const older = await startAttempt(site);
  await leave(await connect(older, {}), older);
  const again = await connect(older, MINE);
  await leave(again, older);
  expect(await changes(older.student, older.session.id)).toEqual([]);
});

test('E11: another device during a live connection is recorded besides the takeover, and the return to the first', async () => {
  const attempt = await startAttempt(site);
  await connect(attempt, MINE);
  await connect(attempt, THEIRS);
  const socket = await connect(attempt, MINE);
  await waitFor('the events', async () => (await changes(attempt.student, attempt.session.id)).length === 2);
  const [other, first] = await changes(attempt.student, attempt.session.id);
  expect(other!.details['firstDeviceAgain']).toBeUndefined();
  expect(first).toMatchObject({ type: 'DEVICE_CHANGED', details: { firstDeviceAgain: true, gapSeconds: 0 } });
  socket.close();
});

test('E11: a change of device across a restart of the server is seen; the same device is none', async () => {
  const database = await createDatabase('pglite', 'admin');
  const first = await startTestServer({ database });
  const attempt = await startAttempt(first);
  const other = await startAttempt(first);
  await connect(attempt, MINE, '127.0.0.1', first.url);
  await connect(other, MINE, '127.0.0.1', first.url);
  await first.close();
  const second = await startTestServer({ database });
  const as = ({ student, session }: Attempt) => ({
    student: Object.assign(new Api(second.url), { tokens: student.tokens }),
    session,
  });
  const [mine, theirs] = [as(attempt), as(other)];
  const same = await connect(mine, MINE, '127.0.0.1', second.url);
  const changed = await connect(theirs, THEIRS, '127.0.0.1', second.url);
  await waitFor('the event', async () => (await changes(theirs.student, other.session.id)).length === 1);
  expect(await changes(theirs.student, other.session.id)).toMatchObject([
    { type: 'DEVICE_CHANGED', details: { changed: ['device'] } },
  ]);
  expect(await changes(mine.student, attempt.session.id)).toEqual([]);
  same.close();
  changed.close();
  await second.close();
  await database.remove();
});

test('E13: five gaps within six minutes are one event with its figures, and no risk', async () => {
  const attempt = await startAttempt(site);
  const { student, session } = attempt;
  const unstable = async () => (await student.events(session.id)).filter(({ type }) => type === 'CONNECTION_UNSTABLE');
  for (let gap = 1; gap <= 5; gap++) {
    expect(await unstable()).toEqual([]);
    await leave(await connect(attempt, MINE), attempt);
    time.advance(60_000);
  }
  expect(await unstable()).toMatchObject([
    { source: 'connection', weight: 0, details: { gaps: 5, withinSeconds: 240 } },
  ]);
  const read = await site.admin.get<{ riskScore: number }>(`/api/sessions/${session.id}`);
  expect(read.riskScore).toBe(0);
});
