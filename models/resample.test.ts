import { describe, expect, test } from 'vitest';
import { cropSquare, squareAbout } from './crop.ts';
import type { RgbImage } from './image.ts';
import { Resampler } from './resample.ts';

function draw(width: number, height: number, red: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[(y * width + x) * 3] = red(x, y);
  }
  return { width, height, data };
}

function reds(rgb: Uint8Array): number[] {
  return [...rgb].filter((_, i) => i % 3 === 0);
}

describe('resampling', () => {
  test.each([1, 2, 3, 5])('shrinking by %d averages what each pixel covers', (factor) => {
    const image = draw(factor * 2, factor, (x) => (x < factor ? 40 : x === factor ? 100 : 0));
    const out = new Uint8Array(6);
    new Resampler().run(image, [0, 0, factor * 2, factor], out, 2, 1);
    expect(reds(out)).toEqual([40, 100 / factor].map(Math.round));
  });

  test('shrinking by two and a half splits the pixel on the border', () => {
    const image = draw(5, 5, (x) => (x === 2 ? 250 : 0));
    const out = new Uint8Array(12);
    new Resampler().run(image, [0, 0, 5, 5], out, 2, 2);
    expect(reds(out)).toEqual([50, 50, 50, 50]);
  });

  test('enlarging interpolates and keeps the ends', () => {
    const image = draw(2, 1, (x) => x * 100);
    const out = new Uint8Array(12);
    new Resampler().run(image, [0, 0, 2, 1], out, 4, 1);
    expect(reds(out)).toEqual([0, 25, 75, 100]);
  });

  test('an even picture stays even at any size, so the weights sum to one', () => {
    const image = draw(97, 61, () => 173);
    for (const size of [7, 31, 64, 96, 150]) {
      const out = new Uint8Array(size * size * 3);
      new Resampler().run(image, [-3.3, 2.7, 88.1, 70.9], out, size, size);
      expect(new Set(reds(out))).toEqual(new Set([173]));
    }
  });

  test('buffers of an earlier job leave no trace in a later one', () => {
    const image = draw(64, 64, (x, y) => x * 3 + y);
    const fresh = new Uint8Array(20 * 20 * 3);
    new Resampler().run(image, [1.5, 2, 45, 51], fresh, 20, 20);
    const used = new Resampler();
    used.run(image, [0, 0, 63, 64], new Uint8Array(50 * 50 * 3), 50, 50);
    const out = new Uint8Array(20 * 20 * 3);
    used.run(image, [1.5, 2, 45, 51], out, 20, 20);
    expect(out).toEqual(fresh);
  });
});

describe('the crop about a face', () => {
  test('is a square about the middle of the box, 1.35 times its longer side', () => {
    expect(squareAbout([100, 50, 40, 60])).toEqual([120 - 40.5, 80 - 40.5, 81]);
  });

  test('repeats the edges of the picture beyond them', () => {
    const image = draw(40, 40, (x, y) => (x === 0 ? 10 : x === 39 ? 90 : 50) + (y === 0 ? 100 : 0));
    const out = new Uint8Array(54 * 54 * 3);
    // A box as large as the picture: the crop reaches 7 pixels beyond each side.
    cropSquare(image, [0, 0, 40, 40], out, 54, new Resampler());
    const red = (x: number, y: number): number => out[(y * 54 + x) * 3]!;
    expect([red(0, 27), red(7, 27), red(8, 27), red(46, 27), red(53, 27)]).toEqual([10, 10, 50, 90, 90]);
    expect([red(27, 0), red(27, 7), red(27, 8), red(0, 0), red(53, 53)]).toEqual([150, 150, 50, 110, 90]);
  });
});
