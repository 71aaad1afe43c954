import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from '../models/analyse.ts';
import { JpegDecoder } from '../models/decode.ts';
import { openPipeline } from '../models/load.ts';
import type { CeilingAnswer, CeilingData, CeilingJob, CeilingStep } from './ceiling.ts';

/** Entry point of a thread of the ceiling benchmark: opens the models, then runs each requested step in a loop. */

if (!parentPort) throw new Error('ceiling-worker.ts is a thread of ceiling.ts');
const port = parentPort;
const { models, frames } = workerData as CeilingData;
const pipeline = await openPipeline(models, new JpegDecoder());

// Inputs of a step are prepared in advance. Copies: the decoder has one buffer.
const images = frames.map((jpeg) => {
  const image = pipeline.decoder.decode(jpeg);
  return { ...image, data: new Uint8Array(image.data.subarray(0, image.width * image.height * 3)) };
});
const subjects: { image: (typeof images)[number]; face: Awaited<ReturnType<typeof pipeline.face.detect>>[number] }[] =
  [];
for (const image of images) {
  const [face] = await pipeline.face.detect(image);
  if (face) subjects.push({ image, face });
}
if (subjects.length === 0) throw new Error('the detector finds no face in any of the frames');

const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
const STEP: Record<CeilingStep, (i: number) => unknown> = {
  decode: (i) => pipeline.decoder.decode(at(frames, i)),
  detect: (i) => pipeline.face.detect(at(images, i)),
  pose: (i) => {
    const { image, face } = at(subjects, i);
    return pipeline.gaze.estimate(image, face);
  },
  'all three': (i) => analyse(pipeline, at(frames, i)),
};

async function loop({ step, secs, warmUpRuns }: CeilingJob): Promise<CeilingAnswer> {
  const run = STEP[step];
  // The first runs include just-in-time compilation.
  for (let i = 0; i < warmUpRuns; i++) await run(i);
  const times: number[] = [];
  const began = performance.now();
  const until = began + secs * 1000;
  let before = began;
  for (let i = 0; before < until; i++) {
    await run(i);
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return { times, seconds: (before - began) / 1000 };
}

port.on('message', (job: CeilingJob) => void loop(job).then((answer) => port.postMessage(answer)));
port.postMessage('ready');
