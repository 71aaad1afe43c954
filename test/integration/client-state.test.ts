import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLOSE } from '../../protocol/errors.ts';
import { type Attempt, signal, startAttempt, watchExam } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { jpeg } from '../support/pictures.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
const time = new ManualTime();

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: time.clock, timers: time.timers } });
});
afterAll(() => site.close());

const STATE = { type: 'state', visible: true, focused: true, fullscreen: true, screens: 1, waiting: 0 };
const CAMERA = { label: 'HD Webcam', width: 640, height: 480, fps: 30 };

/** An exam socket past its `welcome`, of a client that reports its state unless it says otherwise. */
async function greeted(attempt: Attempt, hello: object = { reportsState: true }): Promise<RawSocket> {
  const socket = new RawSocket(site.url, await attempt.student.examTicket(attempt.session.id));
  await socket.opened();
  socket.send({ type: 'hello', ...hello });
  await socket.next('welcome');
  return socket;
}

let frames = 0;
/** Lets time pass second by second, with a frame each; after it everything sent before is handled. */
async function pass(socket: RawSocket, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    socket.sendFrame(++frames, jpeg());
    const sent = frames;
    await socket.until('receipt', () => socket.of('received').some(({ frame }) => frame === sent));
    time.advance(1000);
  }
}

const all = (attempt: Attempt, type: string) => async () =>
  (await attempt.events()).filter((event) => event.type === type);

test('E10: a client that falls silent about its state while its frames go on is an event until it reports again', async () => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt);
  expect(socket.of('welcome')[0]).toMatchObject({ stateEveryMs: 10_000 });
  socket.send({ ...STATE, camera: CAMERA });
  await pass(socket, 25);
  expect(await attempt.types()).not.toContain('CLIENT_STATE_MISSING');
  await pass(socket, 10);
  await socket.until('event', () =>
    socket.of('event').some(({ event }) => (event as { type: string }).type === 'CLIENT_STATE_MISSING'),
  );
  const found = all(attempt, 'CLIENT_STATE_MISSING');
  expect(await found()).toMatchObject([{ source: 'connection', weight: 0, endedAt: null }]);
  socket.send({ ...STATE, camera: CAMERA });
  await pass(socket, 1);
  await waitFor('its end', async () => (await found())[0]?.endedAt !== null);
  const [event] = await found();
  expect(event!.durationMs).toBeGreaterThanOrEqual(34_000);
  expect(await found()).toHaveLength(1);
  socket.close();
});

test('E10: an older client, which sends no state, is never blamed', async () => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt, {});
  await pass(socket, 60);
  expect(await attempt.types()).toEqual([]);
  socket.close();
});

test('E10: a client that reported before is still held to it after the session left memory', async () => {
  const attempt = await startAttempt(site);
  const own = { device: 'device-of-this-student-0001', client: { name: 'exam-page', version: '1' } };
  const first = await greeted(attempt, { ...own, reportsState: true });
  first.send({ ...STATE, camera: CAMERA });
  await pass(first, 2);
  first.close();
  await waitFor('the gap', async () => (await attempt.types()).includes('CONNECTION_LOST'));
  for (let second = 0; second < 120; second++) time.advance(1000);
  const second = await greeted(attempt, own);
  await pass(second, 35);
  await waitFor('the event', async () => (await attempt.types()).includes('CLIENT_STATE_MISSING'));
  second.close();
});

test('E10: a state that says hidden twice without a signal is an event from the first on, with attention and no risk', async () => {
  const attempt = await startAttempt(site);
  const console = await watchExam(site, attempt.exam.id);
  const socket = await greeted(attempt);
  const hidden = { ...STATE, visible: false, focused: false, camera: CAMERA, waiting: 3 };
  socket.send({ ...STATE, camera: CAMERA });
  await pass(socket, 10);
  socket.send(hidden);
  await pass(socket, 10);
  expect(await attempt.types()).toEqual([]);
  socket.send(hidden);
  await pass(socket, 10);
  const found = all(attempt, 'UNREPORTED_ABSENCE');
  await waitFor('the event', async () => (await found()).length === 1);
  expect(await found()).toMatchObject([
    { source: 'connection', weight: 0, endedAt: null, details: { reported: 'hidden', waiting: 3 } },
  ]);
  const read = await site.admin.get<{ attention: { value: number; because: { type: string }[] }; riskScore: number }>(
    `/api/sessions/${attempt.session.id}`,
  );
  expect(read.riskScore).toBe(0);
  expect(read.attention.because).toMatchObject([{ type: 'UNREPORTED_ABSENCE' }]);
  await console.until('state', () =>
    console
      .of('session')
      .some(({ session }) => (session as { client?: { visible: boolean } }).client?.visible === false),
  );
  socket.send({ ...STATE, camera: CAMERA });
  await pass(socket, 1);
  await waitFor('its end', async () => (await found())[0]?.endedAt !== null);
  expect((await found())[0]!.durationMs).toBe(20_000);
  socket.close();
  console.close();
});

test('E10: an absence whose signal was received is not reported twice', async () => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt);
  socket.send(signal(1, 'TAB_SWITCH'));
  for (let report = 0; report < 4; report++) {
    socket.send({ ...STATE, visible: false, focused: false, camera: null });
    await pass(socket, 10);
  }
  expect(await attempt.types()).toEqual(['TAB_SWITCH']);
  socket.close();
});

test('E9: an absence that the state says lasts is as long as that before it ends, and draws attention meanwhile', async () => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt);
  const attention = async () =>
    (await site.admin.get<{ attention: { value: number } }>(`/api/sessions/${attempt.session.id}`)).attention.value;
  socket.send(signal(1, 'TAB_SWITCH'));
  await pass(socket, 10);
  const brief = await attention();
  for (let report = 0; report < 6; report++) {
    socket.send({ ...STATE, visible: false, focused: false, camera: null });
    await pass(socket, 10);
  }
  const found = all(attempt, 'TAB_SWITCH');
  await waitFor('its length so far', async () => (await found())[0]!.durationMs === 60_000);
  expect(await found()).toMatchObject([{ details: { atLeast: true } }]);
  expect(await attention()).toBeGreaterThan(1.5 * brief);
  socket.send({ ...signal(2, 'RETURNED_TO_EXAM'), data: { after: 'TAB_SWITCH', durationMs: 70_000 } });
  await waitFor('its length', async () => (await found())[0]!.durationMs === 70_000);
  expect((await found())[0]!.details).not.toHaveProperty('atLeast');
  socket.close();
});

test('E10: a name of a virtual camera in the policy is a hint once for each name, of weight 0', async () => {
  const attempt = await startAttempt(site, { camera: { virtualNames: 'Pretender, OBS Virtual Camera' } });
  const socket = await greeted(attempt);
  for (const label of ['HD Webcam', 'The PRETENDER 2', 'The PRETENDER 2', 'OBS Virtual Camera', 'The ManyCam']) {
    socket.send({ ...STATE, camera: { ...CAMERA, label } });
    await pass(socket, 1);
  }
  const found = all(attempt, 'VIRTUAL_CAMERA_NAME');
  await waitFor('two events', async () => (await found()).length === 2);
  expect(await found()).toMatchObject([
    { weight: 0, details: { label: 'The PRETENDER 2' } },
    { weight: 0, details: { label: 'OBS Virtual Camera' } },
  ]);
  socket.close();
});

test.for([
  ['an unknown field', { ...STATE, camera: CAMERA, more: 1 }],
  ['a field of a wrong type', { ...STATE, camera: CAMERA, visible: 'yes' }],
  ['a camera name of 2 KB', { ...STATE, camera: { ...CAMERA, label: 'x'.repeat(2000) } }],
  ['no camera field', STATE],
] as const)('T1: a state with %s is refused and the socket closed 4400', async ([, message]) => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt);
  socket.send(message);
  expect(await socket.next('error')).toMatchObject({ code: 'bad_message' });
  expect(await socket.closed()).toBe(CLOSE.badMessage);
});

test('E10: states are not stored', async () => {
  const attempt = await startAttempt(site);
  const socket = await greeted(attempt);
  const before = await attempt.events();
  for (let i = 0; i < 20; i++) socket.send({ ...STATE, camera: CAMERA, waiting: i });
  await pass(socket, 2);
  expect(await attempt.events()).toEqual(before);
  socket.close();
});
