import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api as SimulatorApi } from '../../../simulator/api.ts';
import { Crowd } from '../../../simulator/crowd.ts';
import { openFrames } from '../../../simulator/frame-source.ts';
import type { Exam } from '../../../protocol/http/exams.ts';
import type { Event } from '../../../protocol/events.ts';
import type { Api } from '../../support/api.ts';
import { eventsOf } from '../../support/drawn-person.ts';
import { startTestServer, type TestServer, waitFor } from '../../support/server.ts';

let site: TestServer;
let proctor: Api;
let exam: Exam;
let crowd: Crowd;
let session: string;
/** Of the other student, and the look that is asked of them meanwhile: it takes 20 s. */
let other: string;
let look: Event;

beforeAll(async () => {
  site = await startTestServer({ vision: true });
  proctor = await site.proctor();
  exam = await site.admin.createExam({
    challenges: { enabled: true, perHour: 0, seconds: 60 },
    calibration: { seconds: 2 },
    frames: { sendFps: 4, analyseFps: 4 },
    gaze: { enabled: false },
  });
  const script = 'attentive';
  const frames = await openFrames({ scenes: 1, students: 2, script }, () => {}).complete;
  const admin = new SimulatorApi(site.url, site.admin.tokens!.accessToken);
  crowd = new Crowd({ server: site.url, students: 2, frames, script, admin });
  await crowd.prepare(exam.id, () => {});
  await crowd.connect(0, AbortSignal.timeout(60_000));
  [session, other] = crowd.students.map(({ sessionId }) => sessionId) as [string, string];
  look = (await proctor.post<{ event: Event }>(`/api/sessions/${other}/room-looks`, {})).event;
});
afterAll(async () => {
  await crowd?.finish();
  crowd?.close();
  await site?.close();
});

test.each(['left', 'right', 'up'])(
  'simulator: a student who is asked to turn the head %s does so (R2)',
  async (direction) => {
    // Not before the calibration, nor while the head is still turned.
    await waitFor('a straight face', () => crowd.tally.framesAnalysed > 24);
    const before = (await site.admin.events(session)).filter(({ type }) => type === 'CHALLENGE_PASSED').length;
    await proctor.post<{ event: Event }>(`/api/sessions/${session}/challenges`, { direction });
    const passed = await eventsOf(
      site.admin,
      session,
      ['CHALLENGE_PASSED', 'CHALLENGE_FAILED', 'CHALLENGE_NOT_SEEN'],
      before + 1,
    );
    expect(passed.at(-1)).toMatchObject({ type: 'CHALLENGE_PASSED', details: { direction } });
    const seen = crowd.tally.framesAnalysed;
    await waitFor('a straight face again', () => crowd.tally.framesAnalysed > seen + 16);
  },
);

test('simulator: a student who is asked to show the room agrees (R3)', async () => {
  await waitFor('the end of the look', async () =>
    (await site.admin.events(other)).some(({ id, endedAt }) => id === look.id && endedAt !== null),
  );
  expect(await eventsOf(site.admin, other, ['ROOM_LOOK'], 1)).toMatchObject([{ details: { result: 'shown' } }]);
});
