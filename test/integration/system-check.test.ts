import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SystemCheck } from '../../protocol/http/system-check.ts';
import { startWatched } from '../support/picture-site.ts';
import { frameForm } from '../support/frame-form.ts';
import { drawnPictures } from '../support/picture-site.ts';
import { png } from '../support/pictures.ts';
import { startTestServer, type TestServer, waitFor } from '../support/server.ts';

let site: TestServer;
beforeAll(async () => {
  // A check needs two free places, so that an exam's frame in progress comes first; one thread has two in all.
  site = await startTestServer({ vision: true, env: { INFERENCE_THREADS: '1' } });
});
afterAll(() => site?.close());

const send = (body: FormData) => site.api().send('POST', '/api/system-check/frame', { body });
const post = (jpeg: Uint8Array) => send(frameForm(jpeg));

/** Asks until it is this request's turn. */
async function sendInTurn(body: FormData) {
  let answer = await send(body);
  await waitFor('a turn', async () => answer.status !== 429 || (answer = await send(body)).status !== 429);
  return answer;
}
const check = (jpeg: Uint8Array) => sendInTurn(frameForm(jpeg));

test.each([
  ['attentive', 1, []],
  ['empty', 0, ['no_face']],
  ['covered', 0, ['too_dark', 'no_face']],
] as const)('a drawn picture (%s) is looked at for anybody: %i faces, %j', async (clip, faces, hints) => {
  const { status, body } = await check(drawnPictures[clip][0]!);
  expect([status, body]).toEqual([200, { faces, boxes: expect.any(Array), luma: expect.any(Number), hints }]);
  for (const box of (body as SystemCheck).boxes) {
    expect(box.x + box.w / 2).toBeCloseTo(0.5, 0);
    expect(box.h).toBeGreaterThan(0.18);
    expect(box.h).toBeLessThan(1);
  }
});

test('two people in one image are detected as two', async () => {
  const { body } = await check(drawnPictures.second[0]!);
  expect((body as SystemCheck).hints).toContain('several_faces');
});

test('a body without a JPEG file is refused', async () => {
  expect(await check(png())).toMatchObject({ status: 422, body: { code: 'invalid_image' } });
  expect(await sendInTurn(new FormData())).toMatchObject({ status: 400 });
});

test('a large body is refused before it is read', async () => {
  expect(await check(new Uint8Array(256 * 1024))).toMatchObject({ status: 413, body: { code: 'frame_too_large' } });
  expect(await check(new Uint8Array(300 * 1024))).toMatchObject({ status: 413, body: { code: 'too_large' } });
});

test('an address over its limit is refused before its body is read', async () => {
  // Tests before this one have used the share up: it is this address's turn again, and then all come at once.
  await waitFor('a turn', async () => (await send(new FormData())).status === 400);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      site.api().send('POST', '/api/system-check/frame', {
        body: '--x\r\n'.repeat(50_000),
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(10);
  for (const { status } of answers) expect([400, 429]).toContain(status);
});

test('concurrent images of one address beyond the limit are refused with Retry-After', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(drawnPictures.empty[0]!)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
});

test('while the models analyse an exam frame, a check gets 503 with Retry-After', async () => {
  const at = await startWatched(site);
  const pid = site.server.pool.hostPid!;
  // Stopped, it keeps what it has.
  process.kill(pid, 'SIGSTOP');
  const frame = at.student.send('POST', `/api/cv/analyze-frame?sessionId=${at.session.id}`, {
    body: frameForm(drawnPictures.empty[0]!),
  });
  try {
    // Before that the check itself would be given to the stopped host.
    await waitFor('the frame with the host', () => !site.server.pool.idle);
    const answer = await check(drawnPictures.empty[1]!);
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'unavailable', retryable: true, detail: expect.stringContaining('busy with exams') },
    });
    expect(answer.headers.get('retry-after')).toBe('2');
  } finally {
    process.kill(pid, 'SIGCONT');
    await frame;
  }
});
