import { afterAll, beforeAll, expect, test } from 'vitest';
import { progressiveJpeg, costlyProgression } from '../support/jpeg-bytes.ts';
import { startAttempt } from '../support/attempt.ts';
import { frameForm } from '../support/frame-form.ts';
import { jpeg } from '../support/pictures.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  site = await startTestServer({ vision: true });
});
afterAll(() => site?.close());

/** Larger than the default policy asks for. */
const LARGE: readonly [string, Uint8Array][] = [
  ['1280x720', jpeg(1, 1280, 720)],
  ['1920x1920, progressive, of ten scans', progressiveJpeg(undefined, { width: 1920, height: 1920 })],
  ['narrow and 1920 high', jpeg(1, 320, 1920)],
];

test.each(LARGE)(
  'an image above the requested size (%s) is refused before analysis, on every path (F11)',
  async (_what, bytes) => {
    const attempt = await startAttempt(site, { frames: { sendFps: 15, analyseFps: 15 } });
    const socket = await attempt.connect();
    socket.sendFrame(1, bytes);
    expect(await socket.next('error')).toMatchObject({ code: 'picture_too_large', ref: 1 });
    socket.sendFrame(2, jpeg(2));
    await socket.next('analysis');
    socket.close();
    const { student, session } = attempt;
    const refused = { status: 413, body: { code: 'picture_too_large' } };
    for (const path of [
      `/api/cv/analyze-frame?sessionId=${session.id}`,
      `/cv/analyze-frame?session_id=${session.id}`,
    ]) {
      expect(await student.send('POST', path, { body: frameForm(bytes) })).toMatchObject(refused);
    }
    // It says nothing about the student.
    expect((await attempt.types()).filter((type) => type === 'INVALID_IMAGE')).toEqual([]);
  },
);

test('an image of the system check may be at most twice as wide', async () => {
  const look = (bytes: Uint8Array) => site.api().send('POST', '/api/system-check/frame', { body: frameForm(bytes) });
  expect(await look(jpeg(1, 1280, 720))).toMatchObject({ status: 200 });
  expect(await look(progressiveJpeg(undefined, { width: 1920, height: 1920 }))).toMatchObject({
    status: 413,
    body: { code: 'picture_too_large' },
  });
});

test('a policy can allow larger images, and none can allow 27 scans', async () => {
  const attempt = await startAttempt(site, { frames: { sendFps: 15, analyseFps: 15, maxWidth: 1920 } });
  const socket = await attempt.connect();
  socket.sendFrame(1, jpeg(1, 1920, 1080));
  expect(await socket.next('analysis')).toMatchObject({ frame: 1 });
  socket.sendFrame(2, progressiveJpeg(costlyProgression(27), { width: 640, height: 480 }));
  expect(await socket.next('error')).toMatchObject({ code: 'invalid_image', message: 'more than 16 scans' });
  socket.close();
});

test('a ProctorBE client may send frames in the native size of its camera', async () => {
  const exam = await site.admin.send('POST', '/exams/?title=Of%20the%20first%20system');
  const student = await site.student();
  const session = await student.startSession((exam.body as { id: string }).id);
  expect(
    await student.send('POST', `/cv/analyze-frame?session_id=${session.id}`, { body: frameForm(jpeg(1, 1280, 720)) }),
  ).toMatchObject({ status: 200 });
});
