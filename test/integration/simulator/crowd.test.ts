import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnServer, startOwnServer } from '../../../simulator/server/own-server.ts';
import { temporaryFolder } from '../../../simulator/server/server-process.ts';
import { checkStore } from '../../../simulator/check.ts';
import { Crowd, pause } from '../../../simulator/crowd.ts';
import { clipContent } from '../../../simulator/draw/clips.ts';
import { drawFrame } from '../../../simulator/draw/frame.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { makeExam } from '../../../simulator/exam.ts';
import { sourceOf } from '../../../simulator/frames.ts';
import { judge } from '../../../simulator/verdict.ts';

const data = temporaryFolder();
let own: OwnServer;

beforeAll(async () => {
  own = await startOwnServer({
    env: {
      DATA_DIR: data.path,
      PORT: '0',
      DRAIN_SECONDS: '0',
      DATABASE_URL: undefined,
      ADMIN_EMAIL: undefined,
      ADMIN_PASSWORD: undefined,
    },
    warn: () => {},
  });
});
afterAll(async () => {
  await own?.server.stop();
  data.remove();
});

test('simulator: frames of two students are analysed, and each acknowledged signal is stored once', async () => {
  const scene = createScene(1);
  const empty = [0, 1].map((frame) => drawFrame(scene, clipContent(scene, 'empty', frame)));
  const crowd = new Crowd({
    server: own.server.url,
    students: 2,
    frames: sourceOf('an empty room', [{ attentive: empty }]),
    script: 'switches-tabs',
  });
  await crowd.prepare(await makeExam(own.admin, 'Test', 2), () => {});
  await crowd.connect(0, AbortSignal.timeout(20_000));
  await pause(5000, AbortSignal.timeout(20_000));
  await crowd.finish();
  crowd.close();
  const { tally } = crowd;
  const store = await checkStore(crowd.students);
  const checks = judge({ tally, students: 2, tolerateDrops: false, store, watch: undefined });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(tally.framesAnalysed).toBeGreaterThan(2);
  expect(tally.analysis.count).toBe(tally.framesAnalysed);
  expect(tally.ack.count).toBe(tally.signalsAcked);
  expect(tally.liveSeconds).toBeGreaterThan(5);
  expect(tally.signalsSent).toBeGreaterThan(1);
  expect(store.stored).toBe(tally.signalsSent);
});
