import { expect, test } from 'vitest';
import { seeded } from '../simulator/draw/prng.ts';
import { sharpnessOf } from './sharpness.ts';

const SIZE = 64;
const crop = (luma: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => luma(Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE)));

/** A pattern of waves of so many pixels. */
const waves = (length: number) =>
  crop((x, y) => 128 + 60 * Math.sin((2 * Math.PI * x) / length) * Math.cos((2 * Math.PI * y) / length));

test('finer patterns have a higher share of fine contrast, at any contrast', () => {
  const shares = [6, 11, 40].map((length) => sharpnessOf(waves(length), SIZE));
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  const faint = waves(11).map((value) => 128 + (value - 128) / 3);
  expect(sharpnessOf(faint, SIZE)).toBeCloseTo(sharpnessOf(waves(11), SIZE), 1);
});

test('a picture of one colour has none, and noise has at most all', () => {
  expect(
    sharpnessOf(
      crop(() => 90),
      SIZE,
    ),
  ).toBe(0);
  const random = seeded(3);
  const noise = sharpnessOf(
    crop(() => random() * 255),
    SIZE,
  );
  expect(noise).toBeGreaterThan(0.8);
  expect(noise).toBeLessThanOrEqual(1);
});
