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
  test.each([1, 2, 3, 5])('downscaling by %d averages the source pixels of each pixel', (factor) => {
    const image = draw(factor * 2, factor, (x) => (x < factor ? 40 : x === factor ? 100 : 0));
    const out = new Uint8Array(6);
    new Resampler().run(image, [0, 0, factor * 2, factor], out, 2, 1);
    expect(reds(out)).toEqual([40, 100 / factor].map(Math.round));
  });

  test('downscaling by 2.5 splits the pixel on the border', () => {
    const image = draw(5, 5, (x) => (x === 2 ? 250 : 0));
    const out = new Uint8Array(12);
    new Resampler().run(image, [0, 0, 5, 5], out, 2, 2);
    expect(reds(out)).toEqual([50, 50, 50, 50]);
  });

  test('upscaling interpolates and keeps the edge values', () => {
    const image = draw(2, 1, (x) => x * 100);
    const out = new Uint8Array(12);
    new Resampler().run(image, [0, 0, 2, 1], out, 4, 1);
    expect(reds(out)).toEqual([0, 25, 75, 100]);
  });

  test('a uniform image stays uniform at any size, as the weights sum to one', () => {
    const image = draw(97, 61, () => 173);
    for (const size of [7, 31, 64, 96, 150]) {
      const out = new Uint8Array(size * size * 3);
      new Resampler().run(image, [-3.3, 2.7, 88.1, 70.9], out, size, size);
      expect(new Set(reds(out))).toEqual(new Set([173]));
    }
  });

  test('reused buffers do not affect the next result', () => {
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

describe('the crop around a face', () => {
  test('is a square centred on the box, 1.35 times its longer side', () => {
    expect(squareAbout([100, 50, 40, 60])).toEqual([120 - 40.5, 80 - 40.5, 81]);
  });

  test('repeats the edge pixels outside the image', () => {
    const image = draw(40, 40, (x, y) => (x === 0 ? 10 : x === 39 ? 90 : 50) + (y === 0 ? 100 : 0));
    const out = new Uint8Array(54 * 54 * 3);
    // A box as large as the picture: the crop reaches 7 pixels beyond each side.
    cropSquare(image, [0, 0, 40, 40], out, 54, new Resampler());
    const red = (x: number, y: number): number => out[(y * 54 + x) * 3]!;
    expect([red(0, 27), red(7, 27), red(8, 27), red(46, 27), red(53, 27)]).toEqual([10, 10, 50, 90, 90]);
    expect([red(27, 0), red(27, 7), red(27, 8), red(0, 0), red(53, 53)]).toEqual([150, 150, 50, 110, 90]);
  });
});

describe('integer arithmetic', () => {
  /** The definition: what each output pixel covers of the rectangle, or the two nearest pixels when enlarging. */
  function define(
    { data, width, height }: RgbImage,
    [left, top, w, h]: readonly number[],
    outWidth: number,
    outHeight: number,
  ): Float64Array {
    const axis = (start: number, step: number, i: number, source: number): [at: number, weight: number][] => {
      const from = start + i * step;
      const centre = from + step / 2 - 0.5;
      const begin = Math.floor(step > 1 ? from : centre);
      const at = (t: number): number => Math.min(source - 1, Math.max(0, begin + t));
      if (step <= 1)
        return [
          [at(0), 1 - (centre - begin)],
          [at(1), centre - begin],
        ];
      const cover = (t: number): number =>
        Math.max(0, Math.min(from + step, begin + t + 1) - Math.max(from, begin + t)) / step;
      return Array.from({ length: Math.ceil(step) + 1 }, (_, t) => [at(t), cover(t)]);
    };
    const out = new Float64Array(outWidth * outHeight * 3);
    for (let y = 0; y < outHeight; y++) {
      const rows = axis(top!, h! / outHeight, y, height);
      for (let x = 0; x < outWidth; x++) {
        const columns = axis(left!, w! / outWidth, x, width);
        for (const [atY, weightY] of rows) {
          for (const [atX, weightX] of columns) {
            for (let c = 0; c < 3; c++)
              out[(y * outWidth + x) * 3 + c]! += data[(atY * width + atX) * 3 + c]! * weightX * weightY;
          }
        }
      }
    }
    return out;
  }

  /** A linear congruential generator: the same noise in every run. */
  function noise(width: number, height: number): RgbImage {
    let state = 12_345;
    const data = Uint8Array.from(
      { length: width * height * 3 },
      () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24,
    );
    return { width, height, data };
  }

  test.each([
    [160, 120, [0, 0, 160, 120], 64, 48],
    [160, 120, [0, 0, 160, 120], 80, 60],
    [160, 120, [0, 0, 160, 120], 128, 96],
    [161, 121, [0, 0, 161, 121], 64, 48],
    [160, 120, [31.3, 17.9, 87.7, 87.7], 20, 20],
    [160, 120, [-20.4, -33.1, 190.2, 190.2], 13, 13],
    [160, 120, [50.2, 40.6, 17.3, 17.3], 40, 40],
    [157, 120, [150.1, 110.6, 30.3, 30.3], 24, 24],
    [160, 120, [-200, -200, 60, 60], 16, 16],
    [320, 180, [0, 0, 320, 180], 64, 36],
    [320, 180, [0.5, 0.5, 318, 178], 3, 2],
  ])(
    '%d x %d, %j to %d x %d: within one level of the definition, even in noise',
    (width, height, rectangle, outWidth, outHeight) => {
      const image = noise(width, height);
      const out = new Uint8Array(outWidth * outHeight * 3);
      new Resampler().run(image, rectangle as [number, number, number, number], out, outWidth, outHeight);
      const exact = define(image, rectangle, outWidth, outHeight);
      expect(Math.max(...exact.map((value, i) => Math.abs(value - out[i]!)))).toBeLessThanOrEqual(1);
    },
  );

  test('five to two is exact', () => {
    const image = noise(160, 120);
    const out = new Uint8Array(64 * 48 * 3);
    new Resampler().run(image, [0, 0, 160, 120], out, 64, 48);
    // No sum of 25ths lies half way, so rounding leaves no choice.
    expect(out).toEqual(
      Uint8Array.from(define(image, [0, 0, 160, 120], 64, 48), (value) => Math.floor(value + 0.5 + 1e-9)),
    );
  });

  test('an image that is a view into a larger buffer is read from its offset', () => {
    const { data } = noise(160, 120);
    for (const offset of [1, 4]) {
      const shifted = new Uint8Array(data.length + offset);
      shifted.set(data, offset);
      const out = new Uint8Array(64 * 48 * 3);
      new Resampler().run({ width: 160, height: 120, data: shifted.subarray(offset) }, [0, 0, 160, 120], out, 64, 48);
      const straight = new Uint8Array(64 * 48 * 3);
      new Resampler().run({ width: 160, height: 120, data }, [0, 0, 160, 120], straight, 64, 48);
      expect(out).toEqual(straight);
    }
  });
});
