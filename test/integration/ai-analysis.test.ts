import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { AnalysisMinute } from '../../protocol/http/analysis.ts';
import type { Api } from '../support/api.ts';
import { startAttempt } from '../support/attempt.ts';
import { createDatabase } from '../support/databases.ts';
import { postFrame } from '../support/frame-form.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
/** The server's clock stands still unless a test moves it; at the beginning of a minute. */
let now = Math.ceil(Date.now() / 60_000) * 60_000;
const pictures = clips(createScene(5));
const MODELS = ['invigil-eyes@0.2.0', 'invigil-face@0.3.0', 'invigil-gaze@0.2.1'];

beforeAll(async () => {
  site = await startTestServer({ overrides: { clock: () => now }, vision: true });
});
afterAll(() => site.close());

const nextMinute = () => {
  now = (Math.floor(now / 60_000) + 1) * 60_000;
  return now;
};
const minutesOf = async (api: Api, session: string, query = '') =>
  (
    await api.get<{ items: AnalysisMinute[]; nextCursor: string | null }>(
      `/api/proctoring/attempt/${session}/ai-analysis${query}`,
    )
  ).items;
const at = (ms: number) => new Date(ms).toISOString();

describe('the analysis of a session, minute by minute', () => {
  test('has frames received, analysed and dropped, the spread of angles, incidents and models', async () => {
    const attempt = await startAttempt(site, { frames: { sendFps: 5 } });
    const first = nextMinute();
    for (const [i, frame] of [...pictures.attentive.slice(0, 4), png(), ...pictures.empty.slice(0, 5)].entries()) {
      now = first + i * 1000;
      await postFrame(attempt.student, attempt.session.id, frame);
    }
    const second = nextMinute();
    await postFrame(attempt.student, attempt.session.id, pictures.attentive[4]!);
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    const minutes = await minutesOf(site.admin, attempt.session.id);
    expect(minutes).toMatchObject([
      {
        minute: at(first),
        frames: { received: 10, analysed: 9, dropped: { invalid: 1 } },
        faces: { none: 5, one: 4, more: 0 },
        pose: { yaw: { mean: expect.any(Number), deviation: expect.any(Number) }, pitch: { mean: expect.any(Number) } },
        // From the first empty frame to the last frame before the gap; the broken one until the next frame.
        incidents: { INVALID_IMAGE: { began: 1, seconds: 1 }, NO_FACE: { began: 1, seconds: 4 } },
        models: MODELS,
      },
      {
        minute: at(second),
        frames: { received: 1, analysed: 1, dropped: {} },
        faces: { none: 0, one: 1, more: 0 },
        incidents: {},
        models: MODELS,
      },
    ]);
    for (const { yaw, pitch } of minutes.map(({ pose }) => pose!)) {
      expect(Math.abs(yaw.mean)).toBeLessThan(15);
      expect(Math.abs(pitch.mean)).toBeLessThan(15);
    }
    expect(minutes[0]!.pose!.yaw.deviation).toBeGreaterThan(0);
    expect(minutes[0]!.gaze.known).toBeLessThan(0.5);
  });

  test('is stored during the minute and after the socket closes', async () => {
    const attempt = await startAttempt(site);
    const minute = nextMinute();
    const socket = await attempt.connect();
    socket.sendFrame(1, pictures.attentive[0]!);
    await socket.next('analysis');
    now += 15_000;
    await waitFor('the minute', async () => (await minutesOf(site.admin, attempt.session.id)).length === 1);
    expect(await minutesOf(site.admin, attempt.session.id)).toMatchObject([
      { minute: at(minute), frames: { received: 1, analysed: 1 } },
    ]);
    socket.sendFrame(2, pictures.attentive[1]!);
    await socket.next('analysis');
    socket.close();
    await waitFor('the rest', async () => (await minutesOf(site.admin, attempt.session.id))[0]?.frames.received === 2);
  });

  test('includes minutes with a socket but no frame', async () => {
    const attempt = await startAttempt(site);
    const minute = nextMinute();
    await attempt.connect();
    now = minute + 30_000;
    await waitFor('NO_FRAME_RECEIVED', async () => (await attempt.types()).length === 1);
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    expect(await minutesOf(site.admin, attempt.session.id)).toMatchObject([
      {
        minute: at(minute),
        frames: { received: 0, analysed: 0 },
        pose: null,
        gaze: { known: 0, yaw: null, pitch: null },
        incidents: { NO_FRAME_RECEIVED: { began: 1, seconds: 30 } },
        models: [],
      },
    ]);
  });

  test('is paged by minute', async () => {
    const attempt = await startAttempt(site);
    const minutes: string[] = [];
    for (let i = 0; i < 3; i++) {
      minutes.push(at(nextMinute()));
      await postFrame(attempt.student, attempt.session.id, pictures.attentive[i]!);
    }
    await attempt.student.post(`/api/sessions/${attempt.session.id}/end`);
    const path = `/api/proctoring/attempt/${attempt.session.id}/ai-analysis`;
    const page = await site.admin.get<{ items: AnalysisMinute[]; nextCursor: string }>(`${path}?limit=2`);
    expect(page.items.map(({ minute }) => minute)).toEqual(minutes.slice(0, 2));
    const rest = await site.admin.get<{ items: AnalysisMinute[]; nextCursor: string | null }>(
      `${path}?limit=2&cursor=${page.nextCursor}`,
    );
    expect([rest.items.map(({ minute }) => minute), rest.nextCursor]).toEqual([minutes.slice(2), null]);
  });

  test('is for proctors and admins', async () => {
    const attempt = await startAttempt(site);
    const path = `/api/proctoring/attempt/${attempt.session.id}/ai-analysis`;
    expect(await (await site.proctor()).get(path)).toEqual({
      sessionId: attempt.session.id,
      items: [],
      nextCursor: null,
    });
    await expect(attempt.student.get(path)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    await expect(site.admin.get(path.replace(attempt.session.id, attempt.exam.id))).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });
});

test('a minute counted by two servers is summed', async () => {
  const database = await createDatabase('pglite', 'admin');
  const options = { database, overrides: { clock: () => now }, vision: true };
  try {
    const before = await startTestServer(options);
    const attempt = await startAttempt(before);
    const minute = nextMinute();
    await postFrame(attempt.student, attempt.session.id, pictures.attentive[0]!);
    await before.close();
    await using after = await startTestServer(options);
    const student = after.api();
    student.tokens = attempt.student.tokens;
    now += 1000;
    await postFrame(student, attempt.session.id, pictures.empty[0]!);
    await student.post(`/api/sessions/${attempt.session.id}/end`);
    expect(await minutesOf(after.admin, attempt.session.id)).toMatchObject([
      { minute: at(minute), frames: { received: 2, analysed: 2 }, faces: { none: 1, one: 1 }, models: MODELS },
    ]);
  } finally {
    await database.remove();
  }
});
