import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { FrameAnalysis } from '../../protocol/http/frames.ts';
import type { Session } from '../../protocol/http/sessions.ts';
import type { PolicyInput } from '../../protocol/policy.ts';
import { type Attempt, startAttempt, watchExam } from '../support/attempt.ts';
import { frameForm, postFrame } from '../support/frame-form.ts';
import { claimsSize, jpeg, png } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
/** The server's clock stands still unless a test moves it. */
let now = Date.now();
const pictures = clips(createScene(3));
let drawn = 0;

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => now }, vision: true });
});
afterAll(() => site.close());

const attempt = (policy: PolicyInput = {}) => startAttempt(site, { gaze: { enabled: false }, ...policy });

const post = ({ student, session }: Attempt, frame: Uint8Array) => postFrame(student, session.id, frame);

/** A second later, the next frame of a clip. */
async function show(
  at: Attempt,
  clip: 'attentive' | 'empty',
  seconds = 1,
): Promise<Extract<FrameAnalysis, { analysed: true }>> {
  now += seconds * 1000;
  const frames = pictures[clip];
  const { status, body } = await post(at, frames[drawn++ % frames.length]!);
  expect([status, (body as FrameAnalysis).analysed]).toEqual([200, true]);
  return body as Extract<FrameAnalysis, { analysed: true }>;
}

const summary = ({ open, events, risk }: FrameAnalysis) => ({
  open,
  events: events.map(({ type, endedAt }) => `${type} ${endedAt === null ? 'open' : 'ended'}`),
  score: risk.score,
});

describe('a posted frame', () => {
  test('is analysed, and the response has the result', async () => {
    const at = await attempt();
    const seen = await show(at, 'attentive');
    expect(seen).toMatchObject({
      frame: 1,
      faces: 1,
      pose: { yaw: expect.any(Number) },
      open: [],
      events: [],
      risk: { score: 0, level: 'Low' },
    });
    expect((await show(at, 'attentive')).frame).toBe(2);
    expect(await at.types()).toEqual([]);
    expect(await at.student.get<Session>(`/api/sessions/${at.session.id}`)).toMatchObject({
      connected: false,
      lastFrameAt: new Date(now).toISOString(),
    });
  });

  test('opens and closes incidents like socket frames, and is answered after their commit (E5)', async () => {
    const at = await attempt();
    await show(at, 'attentive');
    const beginning = now + 1000;
    for (let i = 0; i < 3; i++) expect(summary(await show(at, 'empty'))).toEqual({ open: [], events: [], score: 0 });
    const opened = await show(at, 'empty');
    expect(summary(opened)).toEqual({ open: ['NO_FACE'], events: ['NO_FACE open'], score: 2 });
    expect(await at.events()).toEqual(opened.events);
    expect(opened.events[0]).toMatchObject({
      startedAt: new Date(beginning).toISOString(),
      source: 'vision',
      details: { frames: 4 },
    });
    expect(summary(await show(at, 'attentive'))).toEqual({ open: ['NO_FACE'], events: [], score: 2 });
    const closed = await show(at, 'attentive');
    expect(summary(closed)).toEqual({ open: [], events: ['NO_FACE ended'], score: 2 });
    expect(closed.events[0]).toMatchObject({ id: opened.events[0]!.id, durationMs: 4000 });
    expect(await at.events()).toEqual(closed.events);
  });

  test("is sent to a console and to the session's own socket", async () => {
    const at = await attempt({ holds: { noFace: 0 } });
    const proctor = await watchExam(site, at.exam.id);
    const socket = await at.connect();
    await show(at, 'empty');
    expect(await socket.next('analysis')).toMatchObject({ frame: 1, faces: 0 });
    expect(await socket.next('event')).toMatchObject({ event: { type: 'NO_FACE', endedAt: null } });
    expect(await socket.next('risk')).toMatchObject({ score: 2 });
    expect(await proctor.next('event')).toMatchObject({ event: { type: 'NO_FACE' } });
    socket.close();
    proctor.close();
  });

  test.each<[string, Uint8Array]>([
    ['a PNG', png()],
    ['a cut-off JPEG', jpeg().subarray(0, 3000)],
    ['16000x16000', claimsSize(16_000, 16_000)],
    ['48 pixels', jpeg(0, 48, 240)],
    ['nothing', new Uint8Array()],
  ])('and is %s: 422, and an incident that a good frame ends (F5)', async (_name, frame) => {
    const at = await attempt();
    await show(at, 'attentive');
    now += 1000;
    expect(await post(at, frame)).toMatchObject({ status: 422, body: { code: 'invalid_image' } });
    expect(await at.events()).toMatchObject([{ type: 'INVALID_IMAGE', endedAt: null, weight: 0 }]);
    expect(summary(await show(at, 'attentive'))).toEqual({ open: [], events: ['INVALID_IMAGE ended'], score: 0 });
  });

  test('above 256 KiB is refused and opens no incident (F2)', async () => {
    const at = await attempt();
    const large = (bytes: number) => Buffer.concat([jpeg(), randomBytes(bytes)]);
    expect(await post(at, large(256 * 1024))).toMatchObject({ status: 413, body: { code: 'frame_too_large' } });
    expect(await post(at, large(5 * 1024 * 1024)).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 });
    expect(await at.types()).toEqual([]);
  });
});

describe('posting frames', () => {
  test('over the rate is refused with Retry-After, and a flood with its own code (F7)', async () => {
    const at = await attempt({ frames: { sendFps: 0.5 } });
    const codes = new Set<string>();
    for (let second = 0; second < 13; second++) {
      now += 1000;
      for (let i = 0; i < 4; i++) {
        const { status, body, headers } = await post(at, jpeg(i));
        if (status === 200) continue;
        codes.add((body as { code: string }).code);
        expect([status, headers.get('retry-after')]).toEqual([
          429,
          (body as { code: string }).code === 'rate_limited' ? '2' : '10',
        ]);
      }
    }
    expect([...codes]).toEqual(['rate_limited', 'too_many_frames']);
    expect((await at.types()).filter((type) => type !== 'NO_FACE')).toEqual([]);
    now += 10_000;
    expect((await post(at, jpeg(9))).status).toBe(200);
  });

  test('to a paused or ended session is refused and opens no incident (F8 X2)', async () => {
    const at = await attempt({ holds: { noFace: 1 } });
    await show(at, 'empty');
    const proctor = await watchExam(site, at.exam.id);
    proctor.send({ type: 'command', session: at.session.id, do: 'pause' });
    await waitFor('pause', async () => (await at.types()).includes('SESSION_PAUSED'));
    now += 5000;
    proctor.send({ type: 'watch', session: at.session.id, fps: 15 });
    // Staff see it all the same.
    await waitFor('a picture', async () => {
      now += 1000;
      expect(await post(at, jpeg())).toMatchObject({ status: 409, body: { code: 'session_paused', retryable: true } });
      return proctor.binary.length > 0;
    });
    proctor.send({ type: 'command', session: at.session.id, do: 'resume' });
    await waitFor('resume', async () => (await at.types()).includes('SESSION_RESUMED'));
    expect(summary(await show(at, 'empty'))).toEqual({ open: [], events: [], score: 0 });
    await at.student.post(`/api/sessions/${at.session.id}/end`);
    expect(await post(at, jpeg())).toMatchObject({ status: 409, body: { code: 'session_over' } });
    expect(await at.types()).toEqual(['SESSION_PAUSED', 'SESSION_RESUMED']);
    proctor.close();
  });

  test("needs the student's own session, in query or field, and a file", async () => {
    const at = await attempt();
    const path = '/api/cv/analyze-frame';
    const send = (query: string, body: FormData, api = at.student) => api.send('POST', path + query, { body });
    now += 2000;
    expect(await send('', frameForm(jpeg(), { sessionId: at.session.id }))).toMatchObject({
      status: 200,
      body: { analysed: true, faces: 0 },
    });
    for (const api of [await site.student(), await site.proctor(), site.admin]) {
      expect(await send(`?sessionId=${at.session.id}`, frameForm(jpeg()), api)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect(await send(`?sessionId=${at.exam.id}`, frameForm(jpeg()))).toMatchObject({ status: 404 });
    expect(await send('', frameForm(jpeg()))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'query.sessionId' }] },
    });
    const text = new FormData();
    text.set('file', 'no file');
    for (const body of [text, new FormData()])
      expect(await send(`?sessionId=${at.session.id}`, body)).toMatchObject({ status: 400 });
    const json = { body: JSON.stringify({ file: 'x' }), headers: { 'content-type': 'application/json' } };
    expect(await at.student.send('POST', path, json)).toMatchObject({ status: 415 });
  });
});

describe('without a socket', () => {
  test('missing frames open no incident: an open one ends with the last frame and starts anew after the gap (E6)', async () => {
    const at = await attempt();
    for (let i = 0; i < 5; i++) await show(at, 'empty');
    const lastFrame = new Date(now).toISOString();
    now += 11_000;
    await waitFor('the end of the incident', async () => (await at.events())[0]?.endedAt !== null);
    expect(await at.events()).toMatchObject([{ type: 'NO_FACE', endedAt: lastFrame, durationMs: 4000 }]);
    for (let i = 0; i < 2; i++) expect(summary(await show(at, 'empty'))).toEqual({ open: [], events: [], score: 2 });
    now += 60_000;
    expect(summary(await show(at, 'empty'))).toEqual({ open: [], events: [], score: 2 });
    expect(await at.types()).toEqual(['NO_FACE']);
  });

  test('frames at the slow rate of the policy leave no gap', async () => {
    const at = await attempt({ holds: { noFrame: 30 } });
    await show(at, 'empty');
    expect(summary(await show(at, 'empty', 20))).toEqual({ open: ['NO_FACE'], events: ['NO_FACE open'], score: 2 });
  });

  test('a socket takes over from posted frames, and after it closes they are analysed again', async () => {
    const at = await attempt({ holds: { noFace: 1 } });
    await show(at, 'empty');
    const socket = await at.connect();
    // A frame after the takeover does not follow the one before it.
    await show(at, 'empty');
    expect(summary(await show(at, 'empty'))).toMatchObject({ open: ['NO_FACE'] });
    socket.terminate();
    await waitFor('CONNECTION_LOST', async () => (await at.types()).includes('CONNECTION_LOST'));
    expect((await at.events())[0]).toMatchObject({ type: 'NO_FACE', endedAt: expect.any(String) });
    await show(at, 'empty');
    expect(summary(await show(at, 'empty'))).toEqual({ open: ['NO_FACE'], events: ['NO_FACE open'], score: 4 });
    expect(await at.types()).toEqual(['NO_FACE', 'CONNECTION_LOST', 'NO_FACE']);
  });
});

describe('a posted frame is not analysed', () => {
  test('if a newer one arrives before its turn, and can be sent again if the inference host ended during analysis', async () => {
    const at = await attempt({ frames: { sendFps: 5 } });
    const received = async () =>
      Number(
        /^invigil_frames_received_total (\d+)/m.exec((await site.api().send('GET', '/metrics')).body as string)?.[1],
      );
    const before = await received();
    const pid = site.server.pool.hostPid!;
    // Stopped, it holds the first frame until it is killed; the others wait for their turn.
    process.kill(pid, 'SIGSTOP');
    const answers: ReturnType<typeof post>[] = [];
    for (let i = 1; i <= 3; i++) {
      answers.push(post(at, jpeg(i)));
      await waitFor(`frame ${i}`, async () => (await received()) === before + i);
    }
    process.kill(pid, 'SIGKILL');
    const [lost, replaced, newest] = await Promise.all(answers);
    expect(lost).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
    expect(replaced).toMatchObject({ status: 200, body: { analysed: false, reason: 'replaced' } });
    expect(newest).toMatchObject({ status: 200, body: { analysed: true, frame: 3 } });
  });

  test('while vision is off, and an invalid one is still refused', async () => {
    await using blind = await startTestServer({
      env: { FACE_MODEL: 'yunet' },
      overrides: { clock: () => now },
      vision: true,
    });
    const at = await startAttempt(blind);
    expect(await post(at, jpeg())).toMatchObject({
      status: 200,
      body: { analysed: false, reason: 'vision_off', open: [], events: [], risk: { score: 0 } },
    });
    expect(await post(at, png())).toMatchObject({ status: 422, body: { code: 'invalid_image' } });
    now += 1000;
    expect(await post(at, jpeg())).toMatchObject({
      body: { analysed: false, open: [], events: [{ type: 'INVALID_IMAGE', endedAt: expect.any(String) }] },
    });
  });
});
