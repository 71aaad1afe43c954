import { beforeAll, describe, expect, test } from 'vitest';
import { analyse, look, type Pipeline } from '../../../models/analyse.ts';
import { JpegDecoder } from '../../../models/decode.ts';
import type { Detection } from '../../../models/jobs.ts';
import { checkModels, openPipeline } from '../../../models/load.ts';
import { shippedFolder } from '../../../models/manifest.ts';
import { decodeFaceHint, encodeFaceHint, type FaceHint, FACE_HINT_BYTES } from '../../../models/face-hint.ts';
import { type ClipName, clipContent } from '../../../simulator/draw/clips.ts';
import { drawFrame } from '../../../simulator/draw/frame.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { sharedRequired } from '../../support/requirements.ts';
import { FULL_SIZE } from '../../support/size.ts';

/** Whose face is where it was is measured there; everybody else is searched for. */

const SEEDS = FULL_SIZE || sharedRequired ? [1, 4, 9, 14] : [1, 4];
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

const hints = new Map<number, Promise<FaceHint>>();
const hintAt = (seed: number): Promise<FaceHint> => {
  if (!hints.has(seed)) hints.set(seed, findHint(seed));
  return hints.get(seed)!;
};

async function findHint(seed: number): Promise<FaceHint> {
  const { hint, followed } = await look(pipeline, frame(seed, 'attentive', 0));
  expect(followed).toBe(false);
  return hint!;
}

describe.each(SEEDS)('scene %i', (seed) => {
  test('the same image again: tracking gives the result of detection', async () => {
    const hint = await hintAt(seed);
    const again = await look(pipeline, frame(seed, 'attentive', 0), hint);
    expect(again).toMatchObject({ followed: true, hint: undefined });
    expect(withoutTimes(again.detection)).toEqual(withoutTimes(await analyse(pipeline, frame(seed, 'attentive', 0))));
  });

  test('an attentive person: yaw and pitch of tracking are within 4° of detection', async () => {
    const hint = await hintAt(seed);
    for (let n = 1; n < FRAMES; n++) {
      const jpeg = frame(seed, 'attentive', n);
      const { detection, followed } = await look(pipeline, jpeg, hint);
      const searched = await analyse(pipeline, jpeg);
      expect(detection.faces).toHaveLength(1);
      if (!followed) continue;
      expect(Math.abs(detection.pose!.yaw - searched.pose!.yaw)).toBeLessThanOrEqual(4);
      expect(Math.abs(detection.pose!.pitch - searched.pose!.pitch)).toBeLessThanOrEqual(4);
    }
  });

  test.each<ClipName>(['away', 'second', 'empty', 'covered'])(
    '%s: the detector runs at once, with the same result as without a hint',
    async (name) => {
      const hint = await hintAt(seed);
      for (let n = 0; n < FRAMES; n++) {
        const jpeg = frame(seed, name, n);
        const { detection, followed } = await look(pipeline, jpeg, hint);
        expect(followed).toBe(false);
        expect(withoutTimes(detection)).toEqual(withoutTimes(await analyse(pipeline, jpeg)));
      }
    },
  );
});

test('two people or nobody leave no hint', async () => {
  for (const name of ['second', 'empty', 'covered'] as const)
    expect((await look(pipeline, frame(1, name, 0))).hint).toBeUndefined();
});

test('another size of the same image is another image', async () => {
  const hint = await hintAt(1);
  expect((await look(pipeline, frame(1, 'attentive', 0), { ...hint, width: hint.width / 2 })).followed).toBe(false);
});

test('a hint round-trips through the server at float precision', async () => {
  const hint = await hintAt(4);
  const bytes = encodeFaceHint(hint);
  expect(bytes).toHaveLength(FACE_HINT_BYTES);
  const back = decodeFaceHint(bytes);
  expect(encodeFaceHint(back)).toEqual(bytes);
  expect(back).toMatchObject({ width: hint.width, height: hint.height, scene: hint.scene });
  expect(back.face.box.map((side, i) => Math.abs(side - hint.face.box[i]!) < 1e-3)).toEqual([true, true, true, true]);
});
