import { expect, test } from 'vitest';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { startAttempt } from '../support/attempt.ts';
import { ManualTime } from '../support/manual-time.ts';
import { startTestServer } from '../support/server.ts';
import { ShownFrames } from '../support/shown-frames.ts';

const FPS = 5;
const POLICY = {
  frames: { sendFps: FPS, analyseFps: FPS },
  holds: { noFace: 1, lookingAway: 1, cameraCovered: 1, frozenVideo: 2, noFrame: 4 },
  calibration: { seconds: 2 },
};

const STORY: readonly { clip: ClipName | 'frozen' | 'nothing'; secs: number }[] = [
  { clip: 'attentive', secs: 3 },
  { clip: 'empty', secs: 3 },
  { clip: 'attentive', secs: 2 },
  { clip: 'second', secs: 2 },
  { clip: 'attentive', secs: 2 },
  { clip: 'away', secs: 3 },
  { clip: 'attentive', secs: 2 },
  { clip: 'down', secs: 3 },
  { clip: 'attentive', secs: 2 },
  { clip: 'covered', secs: 3 },
  { clip: 'attentive', secs: 2 },
  { clip: 'frozen', secs: 4 },
  { clip: 'attentive', secs: 2 },
  { clip: 'nothing', secs: 6 },
  { clip: 'attentive', secs: 2 },
];

test('drawn frames and the default weights: each behaviour opens its incident once, and nothing else (E5)', async () => {
  const time = new ManualTime();
  await using site = await startTestServer({ vision: true, overrides: { clock: time.clock, timers: time.timers } });
  const attempt = await startAttempt(site, POLICY);
  const pictures = clips(createScene(3));
  const socket = await attempt.connect();
  const frames = new ShownFrames(site, socket, time, FPS);
  let frame = 0;
  for (const { clip, secs } of STORY) {
    for (let i = 0; i < secs * FPS; i++) {
      if (clip === 'frozen') await frames.show(pictures.attentive[0]!);
      else if (clip !== 'nothing') await frames.show(pictures[clip][frame++ % pictures[clip].length]!);
      frames.pass();
    }
  }
  socket.send({ type: 'finish' });
  const { risk } = await socket.next('ended');
  const stored = await attempt.events();
  expect(stored.map((event) => event.type)).toEqual([
    'NO_FACE',
    'MULTIPLE_FACES',
    'LOOKING_AWAY',
    'LOOKING_AWAY',
    'CAMERA_COVERED',
    'FROZEN_VIDEO',
    'NO_FRAME_RECEIVED',
  ]);
  expect(stored.every((event) => event.endedAt !== null && event.durationMs! > 0)).toBe(true);
  expect(risk).toMatchObject({ score: 2 + 4 + 2 + 2, level: 'High' });
  expect(stored[0]!.details).toMatchObject({
    models: ['invigil-face@0.3.0', 'invigil-gaze@0.2.1', 'invigil-eyes@0.2.0'],
  });
});
