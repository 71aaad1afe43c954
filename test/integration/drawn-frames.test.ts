import { expect, test } from 'vitest';
import { type ClipName, clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Event } from '../../protocol/events.ts';
import { startAttempt } from '../support/attempt.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer } from '../support/server.ts';

/** Five times faster than by default, so that the script takes half a minute. */
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
  await using site = await startTestServer({ vision: true });
  const attempt = await startAttempt(site, POLICY);
  const pictures = clips(createScene(3));
  // Drawn before timing starts.
  for (const { clip } of STORY) if (clip !== 'frozen' && clip !== 'nothing') void pictures[clip].length;

  const client = createClient(attempt.student, attempt.session.id);
  const seen: Event[] = [];
  client.on('event', (event) => seen.push(event));
  await client.connect();
  let at = performance.now();
  let frame = 0;
  for (const { clip, secs } of STORY) {
    for (let i = 0; i < secs * FPS; i++) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
      if (clip === 'frozen') client.sendFrame(pictures.attentive[0]!);
      else if (clip !== 'nothing') client.sendFrame(pictures[clip][frame++ % pictures[clip].length]!);
      at += 1000 / FPS;
    }
  }
  const { risk } = await client.finish();
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
    models: ['invigil-face@0.2.0', 'invigil-gaze@0.2.1', 'invigil-eyes@0.2.0'],
  });
});
