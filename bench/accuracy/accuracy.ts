import { JpegDecoder } from '../../models/decode.ts';
import type { Benchmark, BenchOptions, BenchResult } from '../benchmark.ts';
import { FRAMES_A_SCENE } from './drawn-frames.ts';
import { lookAtDrawn } from './run-drawn.ts';
import { lookAtPack } from './run-pack.ts';
import { readPack } from './pack.ts';
import { openPairs, SIDES } from './pairs.ts';
import { figuresOf, sideBySide } from './report.ts';
import { timeSections } from './timing.ts';

/** Default numbers of drawn scenes and of timed frames per pair. */
const SCENES = 16;
const RUNS = 200;

/** Accuracy of the models by the server's own pipeline: decoding, face detection, pose and gaze. */
export const accuracy: Benchmark = {
  name: 'accuracy',
  about:
    'accuracy of the models: faces, several people, no person, head pose, gaze; on drawn frames, and on labelled images with --data',
  run: async ({ data, limit }: BenchOptions, say) => {
    // Before the models load: an invalid folder fails at once.
    const pack = data === undefined ? undefined : await readPack(data);
    const pairs = await openPairs(say);
    const ofPack = pack && (await lookAtPack(pack, limit, pairs, new JpegDecoder(SIDES), say));
    const drawn = await lookAtDrawn(
      limit === undefined ? SCENES : Math.min(SCENES, Math.ceil(limit / FRAMES_A_SCENE)),
      pairs,
      say,
    );
    say('timing');
    const cost = await timeSections(pairs, drawn.sample, Math.min(RUNS, limit ?? RUNS));
    const results = pairs.map(({ name: pair }, i) => ({
      pair,
      sections: [...(ofPack?.sections[i] ?? []), ...drawn.sections[i]!, cost[i]!],
    }));
    return {
      input: {
        pack: ofPack?.input ?? null,
        drawn: drawn.input,
        models: pairs.map(({ name: pair, entries }) => ({
          pair,
          files: entries.map(({ name, version, file, sha256 }) => ({ name, version, file, sha256 })),
        })),
      },
      figures: figuresOf(results),
      text: sideBySide(results),
      errors: ofPack?.errors ?? [],
    } satisfies BenchResult;
  },
};
