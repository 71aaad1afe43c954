import { expect, test } from 'vitest';
import { eyeSquares } from './eye-squares.ts';
import type { RgbImage } from './image.ts';

const picture: RgbImage = { width: 640, height: 480, data: new Uint8Array(0) };

test('eye crops are centred on the eyes, 0.62 of the eye distance wide, and aligned with the eye line', () => {
  expect(
    eyeSquares(
      picture,
      [
        [200, 200],
        [280, 260],
      ],
      0,
    ),
  ).toEqual([
    { x: 200, y: 200, side: 62, lean: Math.atan2(60, 80) },
    { x: 280, y: 260, side: 62, lean: Math.atan2(60, 80) },
  ]);
});

test('eye crops widen, up to a limit, when a turned head shortens the eye distance', () => {
  const side = (yaw: number): number =>
    eyeSquares(
      picture,
      [
        [200, 200],
        [300, 200],
      ],
      yaw,
    )![0].side;
  expect(side(30)).toBeCloseTo(62 / Math.cos(Math.PI / 6));
  expect(side(-30)).toBe(side(30));
  expect(side(80)).toBeCloseTo(62 / 0.6);
});

test.each([
  [
    'no numbers',
    [
      [Number.NaN, 200],
      [300, 200],
    ],
  ],
  [
    'one outside the picture',
    [
      [200, 200],
      [641, 200],
    ],
  ],
  [
    'changed over',
    [
      [300, 200],
      [200, 200],
    ],
  ],
  [
    'both at one place',
    [
      [300, 200],
      [300, 200],
    ],
  ],
] as const)('are not there for eyes that are %s', (_name, [left, right]) => {
  expect(eyeSquares(picture, [left, right], 0)).toBeNull();
});
