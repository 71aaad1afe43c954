import { expect, test } from 'vitest';
import type { RgbImage } from './image.ts';
import { LevelledCrop, levelledCrop } from './levelled-crop.ts';

/** Red grows to the right, green downwards. */
const ramp: RgbImage = { width: 100, height: 80, data: new Uint8Array(100 * 80 * 3) };
for (let i = 0; i < 100 * 80; i++) ramp.data.set([(i % 100) * 2, Math.floor(i / 100) * 2, 7], i * 3);

const SIZE = 8;
const bytes = (square: Parameters<LevelledCrop['toBytes']>[1], mirrored = false): number[][] => {
  const out = new Uint8Array(SIZE * SIZE * 3);
  new LevelledCrop(SIZE).toBytes(ramp, square, out, mirrored);
  return Array.from({ length: SIZE * SIZE }, (_, i) => [...out.subarray(i * 3, i * 3 + 3)]);
};

test('an unrotated square of the size of the crop is copied', () => {
  const crop = bytes({ x: 44, y: 34, side: SIZE, lean: 0 });
  expect(crop[0]).toEqual([80, 60, 7]);
  expect(crop.at(-1)).toEqual([94, 74, 7]);
});

test('a square rotated 90° clockwise is rotated back', () => {
  const crop = bytes({ x: 44, y: 34, side: SIZE, lean: Math.PI / 2 });
  // The crop's x axis points down in the picture, its y axis to the left.
  expect(crop[0]).toEqual([94, 60, 7]);
  expect(crop[SIZE - 1]).toEqual([94, 74, 7]);
});

test('a mirrored crop has its columns reversed', () => {
  const square = { x: 50.3, y: 40.1, side: 31, lean: 0.3 };
  const crop = bytes(square);
  const mirrored = bytes(square, true);
  for (let i = 0; i < SIZE * SIZE; i++) expect(mirrored[i - (i % SIZE) + SIZE - 1 - (i % SIZE)]).toEqual(crop[i]);
});

test('downscaling averages, and edges are repeated', () => {
  const crop = bytes({ x: 0, y: 40, side: 80, lean: 0 });
  expect(crop[4 * SIZE]).toEqual([0, 89, 7]);
  expect(crop[4 * SIZE + 4]).toEqual([9, 89, 7]);
});

test('the crop as fractions equals the crop as bytes', () => {
  const square = { x: 70.3, y: 30.1, side: 55, lean: -0.4 };
  const unit = new Float32Array(SIZE * SIZE * 3);
  levelledCrop(ramp, square, unit, SIZE);
  expect(
    Math.max(
      ...bytes(square)
        .flat()
        .map((value, i) => Math.abs(value - unit[i]! * 255)),
    ),
  ).toBeLessThanOrEqual(0.501);
});
