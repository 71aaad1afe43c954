import { beforeAll, describe, expect, test } from 'vitest';
import { analyse, look, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import type { Detection } from '../../../models/jobs.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';
import { decodeTrace, encodeTrace, type Trace, TRACE_BYTES } from '../../../models/trace.ts';
import { type ClipName, clipContent } from './clips.ts';
import { drawFrame } from './frame.ts';
import { createScene } from './scene.ts';

/** Whose face is where it was is measured there; everybody else is searched for. */

const SEEDS = [1, 4, 9, 14];
const FRAMES = 6;

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline(
    await checkModels({ folders: [shippedFolder()], face: 'own', gaze: 'own' }),
    new JpegDecoder(),
  );
});

const scenes = new Map(SEEDS.map((seed) => [seed, createScene(seed)]));
const frame = (seed: number, name: ClipName, n: number): Buffer =>
  drawFrame(scenes.get(seed)!, clipContent(scenes.get(seed)!, name, n));
const withoutTimes = ({ ms: _ms, ...rest }: Detection) => rest;

async function traceAt(seed: number): Promise<Trace> {
  const { trace, followed } = await look(pipeline, frame(seed, 'attentive', 0));
  expect(followed).toBe(false);
  return trace!;
}

describe.each(SEEDS)('scene %i', (seed) => {
  test('the same picture once more: the same face, and head and eyes as they are', async () => {
    const trace = await traceAt(seed);
    const again = await look(pipeline, frame(seed, 'attentive', 0), trace);
    expect(again).toMatchObject({ followed: true, trace: undefined });
    expect(withoutTimes(again.detection)).toEqual(withoutTimes(await analyse(pipeline, frame(seed, 'attentive', 0))));
  });

  test('somebody attentive: what is measured without a search differs by no more than a search would', async () => {
    const trace = await traceAt(seed);
    for (let n = 1; n < FRAMES; n++) {
      const jpeg = frame(seed, 'attentive', n);
      const { detection, followed } = await look(pipeline, jpeg, trace);
      const searched = await analyse(pipeline, jpeg);
      expect(detection.faces).toHaveLength(1);
      if (!followed) continue;
      expect(Math.abs(detection.pose!.yaw - searched.pose!.yaw)).toBeLessThanOrEqual(4);
      expect(Math.abs(detection.pose!.pitch - searched.pose!.pitch)).toBeLessThanOrEqual(4);
    }
  });

  test.each<ClipName>(['away', 'second', 'empty', 'covered'])(
    '%s: the detector runs at once, and says what it says without a trace',
    async (name) => {
      const trace = await traceAt(seed);
      for (let n = 0; n < FRAMES; n++) {
        const jpeg = frame(seed, name, n);
        const { detection, followed } = await look(pipeline, jpeg, trace);
        expect(followed).toBe(false);
        expect(withoutTimes(detection)).toEqual(withoutTimes(await analyse(pipeline, jpeg)));
      }
    },
  );
});

test('two people, or nobody, leave nothing to follow', async () => {
  for (const name of ['second', 'empty', 'covered'] as const)
    expect((await look(pipeline, frame(1, name, 0))).trace).toBeUndefined();
});

test('another size of the same picture is another picture', async () => {
  const trace = await traceAt(1);
  expect((await look(pipeline, frame(1, 'attentive', 0), { ...trace, width: trace.width / 2 })).followed).toBe(false);
});

test('a trace survives its way to the server and back, to the precision of a float', async () => {
  const trace = await traceAt(4);
  const bytes = encodeTrace(trace);
  expect(bytes).toHaveLength(TRACE_BYTES);
  const back = decodeTrace(bytes);
  expect(encodeTrace(back)).toEqual(bytes);
  expect(back).toMatchObject({ width: trace.width, height: trace.height, scene: trace.scene });
  expect(back.face.box.map((side, i) => Math.abs(side - trace.face.box[i]!) < 1e-3)).toEqual([true, true, true, true]);
});
