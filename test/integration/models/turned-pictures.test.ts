import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InferencePool } from '../../../server/inference/pool.ts';
import { clips } from '../../../simulator/draw/clips.ts';
import { createScene } from '../../../simulator/draw/scene.ts';
import { exif } from '../../../simulator/exif.ts';
import { detectIn, startShippedModels } from '../../support/shipped-models.ts';

/** Pictures as phones store them: as the sensor lies, with the way to turn them in Exif. */

let pool: InferencePool;
beforeAll(async () => {
  pool = await startShippedModels();
});
afterAll(() => pool?.close());

const detect = (jpeg: Uint8Array) => detectIn(pool, jpeg);

/** Canvas transformation that undoes the orientation: [mirror, quarter turns clockwise before it]. */
const STORED: Readonly<Record<number, readonly [mirrored: boolean, quarters: number]>> = {
  1: [false, 0],
  2: [true, 0],
  3: [false, 2],
  4: [true, 2],
  5: [true, 3],
  6: [false, 3],
  7: [true, 1],
  8: [false, 1],
};

/** Stores a picture so that a viewer who obeys the Exif sees it as it was. */
async function store(jpeg: Uint8Array, orientation: number, named = orientation): Promise<Buffer> {
  const image = await loadImage(Buffer.from(jpeg));
  const [mirrored, quarters] = STORED[orientation]!;
  const { width, height } = image;
  const canvas = quarters % 2 === 0 ? createCanvas(width, height) : createCanvas(height, width);
  const context = canvas.getContext('2d');
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((quarters * Math.PI) / 2);
  if (mirrored) context.scale(-1, 1);
  context.drawImage(image, -width / 2, -height / 2);
  const stored = canvas.encodeSync('jpeg', 95);
  return Buffer.concat([stored.subarray(0, 2), exif(named), stored.subarray(2)]);
}

const PICTURE = clips(createScene(5)).away[0]!;

test('the same picture in each of the eight Exif orientations has the same face, pose and size', async () => {
  const upright = await detect(await store(PICTURE, 1));
  expect(upright).toMatchObject({ width: 640, height: 480, faces: [expect.anything()] });
  for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
    const { width, height, faces, pose } = await detect(await store(PICTURE, orientation));
    expect([orientation, width, height, faces.length]).toEqual([orientation, 640, 480, 1]);
    for (const [index, value] of faces[0]!.box.entries())
      expect([orientation, Math.abs(value - upright.faces[0]!.box[index]!) < 6]).toEqual([orientation, true]);
    expect([orientation, Math.abs(pose!.yaw - upright.pose!.yaw) < 3]).toEqual([orientation, true]);
  }
});

test('a picture that is stored on its side without Exif has another size', async () => {
  expect(await detect(await store(PICTURE, 6, 1))).toMatchObject({ width: 480, height: 640 });
});
