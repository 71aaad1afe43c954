import { expect, test } from 'vitest';
import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Analysis } from '../../protocol/down.ts';
import { startAttempt } from '../support/attempt.ts';
import { readMetrics } from '../support/gauges.ts';
import { createClient } from '../support/sdk.ts';
import { startTestServer } from '../support/server.ts';

const FPS = 8;
const pictures = clips(createScene(3));

/**
 * A still face, then a second person, then alone again. @returns counts of analyses by number of faces and by clip
 * shown
 */
async function show(site: Awaited<ReturnType<typeof startTestServer>>) {
  const attempt = await startAttempt(site, { frames: { sendFps: FPS, analyseFps: FPS } });
  const client = createClient(attempt.student, attempt.session.id);
  const shown: string[] = [];
  let sent = 0;
  const faces = new Map<string, Set<number>>();
  client.on('analysis', (analysis: Analysis) => {
    const clip = shown[analysis.frame]!;
    faces.set(clip, (faces.get(clip) ?? new Set()).add(analysis.faces));
  });
  await client.connect();
  for (const clip of ['attentive', 'second', 'attentive'] as const) {
    for (let i = 0; i < 3 * FPS; i++) {
      // Frames are numbered from 1.
      if (client.sendFrame(pictures[clip][0]!)) shown[++sent] = clip;
      await new Promise((resolve) => setTimeout(resolve, 1000 / FPS));
    }
  }
  await client.finish();
  return faces;
}

test('a still face is tracked without detection in every frame, and a person who enters is detected in the next analysed frame (F6)', async () => {
  void [pictures.attentive.length, pictures.second.length];
  await using site = await startTestServer({ vision: true });
  expect(await show(site)).toEqual(
    new Map([
      ['attentive', new Set([1])],
      ['second', new Set([2])],
    ]),
  );
  expect((await readMetrics(site.url))('invigil_frames_followed_total')).toBeGreaterThan(0);
});
