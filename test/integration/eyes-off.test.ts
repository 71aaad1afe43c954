import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnalysisMinute } from '../../protocol/http/analysis.ts';
import type { FrameAnalysis } from '../../protocol/http/frames.ts';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { type Attempt, startAttempt } from '../support/attempt.ts';
import { postFrame } from '../support/frame-form.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** The notice says that the direction of the head is determined, and not that of the eyes. */
describe('eyes that are not to be watched', () => {
  let site: TestServer;
  let now = Math.ceil(Date.now() / 60_000) * 60_000;
  const { attentive } = clips(createScene(5));
  beforeAll(async () => {
    site = await startTestServer({ overrides: { clock: () => now }, vision: true });
  });
  afterAll(() => site?.close());

  /** Whether the eyes were measured in each of some pictures. */
  async function eyesOf({ student, session }: Attempt): Promise<boolean[]> {
    const known: boolean[] = [];
    for (const picture of attentive.slice(0, 3)) {
      now += 1000;
      const seen = (await postFrame(student, session.id, picture)).body as FrameAnalysis;
      expect(seen).toMatchObject({ analysed: true, faces: 1, pose: { yaw: expect.any(Number) } });
      known.push(seen.analysed && seen.gaze !== null);
    }
    return known;
  }

  async function storedOf({ student, session }: Attempt) {
    await student.post(`/api/sessions/${session.id}/end`);
    const { items } = await site.admin.get<{ items: AnalysisMinute[] }>(
      `/api/proctoring/attempt/${session.id}/ai-analysis`,
    );
    return items.map(({ gaze, pose }) => ({ gaze, headKnown: pose !== null }));
  }
  const NOTHING = { gaze: { known: 0, yaw: null, pitch: null }, headKnown: true };
  const ALL = [true, true, true];
  const NONE = [false, false, false];

  test('are measured by default', async () => {
    const attempt = await startAttempt(site);
    expect(await eyesOf(attempt)).toEqual(ALL);
    expect(await storedOf(attempt)).not.toContainEqual(NOTHING);
  });

  test('by the policy of the exam: nothing of them is measured, answered or stored', async () => {
    const attempt = await startAttempt(site, { gaze: { enabled: false } });
    expect(await eyesOf(attempt)).toEqual(NONE);
    expect(await storedOf(attempt)).toEqual([NOTHING]);
  });

  test('by an accommodation: nothing of them is measured, answered or stored', async () => {
    const exam = await site.admin.createExam({});
    const student = await site.student();
    await site.admin.request('PUT', `/api/exams/${exam.id}/students/${student.userId}`, { detection: { gaze: false } });
    const session = await student.startSession(exam.id);
    const attempt = { student, session } as Attempt;
    expect(await eyesOf(attempt)).toEqual(NONE);
    expect(await storedOf(attempt)).toEqual([NOTHING]);
  });
});
