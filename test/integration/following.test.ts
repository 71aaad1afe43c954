import { expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { startAttempt } from '../support/attempt.ts';
import { readMetrics } from '../support/gauges.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { ShownFrames } from '../support/shown-frames.ts';

const FPS = 8;
const pictures = clips(createScene(3));

/**
 * A still face, then a second person, then alone again. @returns counts of analyses by number of faces and by clip
 * shown
 */
async function show(site: TestServer, time: ManualTime) {
  const attempt = await startAttempt(site, { frames: { sendFps: FPS, analyseFps: FPS } });
  const socket = await attempt.connect();
  const frames = new ShownFrames(site, socket, time, FPS);
  const shown = new Map<number, string>();
  for (const clip of ['attentive', 'second', 'attentive'] as const) {
    for (let i = 0; i < 3 * FPS; i++) {
      shown.set(await frames.show(pictures[clip][0]!), clip);
      frames.pass();
    }
  }
  socket.send({ type: 'finish' });
  await socket.next('ended');
  const faces = new Map<string, Set<unknown>>();
  for (const analysis of socket.of('analysis')) {
    const clip = shown.get(Number(analysis['frame']))!;
    faces.set(clip, (faces.get(clip) ?? new Set()).add(analysis['faces']));
  }
  return faces;
}

test('a still face is tracked without detection in every frame, and a person who enters is detected in the next analysed frame (F6)', async () => {
  const time = new ManualTime();
  await using site = await startTestServer({ vision: true, overrides: { clock: time.clock, timers: time.timers } });
  expect(await show(site, time)).toEqual(
    new Map([
      ['attentive', new Set([1])],
      ['second', new Set([2])],
    ]),
  );
  expect((await readMetrics(site.url))('invigil_frames_followed_total')).toBeGreaterThan(0);
});
