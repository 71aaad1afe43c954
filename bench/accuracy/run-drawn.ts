import { drawnSections, type DrawnLook } from './drawn.ts';
import { drawnFrames } from './drawn-frames.ts';
import { lookAt } from './looks.ts';
import type { Section } from './measure.ts';
import type { Pair } from './pairs.ts';
import { showShare } from './progress.ts';

/** Frames set aside for timing. */
const SAMPLE = 32;

/** Draws scenes 1..count and analyses them with each pair. The same count gives the same pictures. */
export async function lookAtDrawn(count: number, pairs: readonly Pair[], say: (line: string) => void) {
  const looks: DrawnLook[][] = pairs.map(() => []);
  const sample: Uint8Array[] = [];
  const progress = showShare('drawn scenes', count, say);
  for (let scene = 1; scene <= count; scene++) {
    for (const { jpeg, ...frame } of drawnFrames(scene)) {
      if (sample.length < SAMPLE && (frame.kind === 'straight' || frame.kind === 'gaze')) sample.push(jpeg);
      for (const [i, detection] of (await lookAt(pairs, jpeg)).entries()) looks[i]!.push({ frame, detection });
    }
    progress(scene);
  }
  const sections: readonly (readonly Section[])[] = looks.map(drawnSections);
  return { sections, sample, input: { scenes: count, frames: looks[0]?.length ?? 0 } };
}
