import { createCanvas } from '@napi-rs/canvas';
import jpegTurbo from '@julusian/jpeg-turbo';
import { describe, expect, test } from 'vitest';
import { InvalidImage, JpegDecoder } from './decode.ts';
import { framePrint, measureFaceLight, measureLight } from './luma.ts';

function picture(width: number, height: number) {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = 'rgb(200, 100, 50)';
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(20, 30, 220)';
  context.fillRect(0, 0, width / 2, height / 2);
  return canvas;
}

const JPEG = picture(320, 240).encodeSync('jpeg', 90);

function message(bytes: Uint8Array): string {
  try {
    new JpegDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof InvalidImage) return error.message;
    throw error;
  }
  return 'decoded';
}

test('decodes to RGB, row by row', () => {
  const { width, height, data } = new JpegDecoder().decode(JPEG);
  expect([width, height, data.length]).toEqual([320, 240, 320 * 240 * 3]);
  const near = (x: number, y: number): number[] => [...data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3)];
  for (const [x, y, colour] of [
    [10, 10, [20, 30, 220]],
    [300, 10, [200, 100, 50]],
    [10, 200, [200, 100, 50]],
  ] as const) {
    near(x, y).forEach((value, i) => expect(Math.abs(value - colour[i]!)).toBeLessThan(8));
  }
});

test('decodes a greyscale JPEG to three equal channels', () => {
  const grey = jpegTurbo.compressSync(Buffer.alloc(64 * 64 * 3, 90), {
    format: jpegTurbo.FORMAT_RGB,
    width: 64,
    height: 64,
    subsampling: jpegTurbo.SAMP_GRAY,
    quality: 90,
  });
  expect(new Set(new JpegDecoder().decode(grey).data)).toEqual(new Set([90]));
});

describe('refuses', () => {
  test.each([1, 2, 50, JPEG.length >> 1, JPEG.length - 200])('a JPEG truncated by %d bytes', (missing) => {
    expect(message(JPEG.subarray(0, JPEG.length - missing))).toMatch(/truncated/);
  });

  test('a truncated JPEG with an end marker appended', () => {
    const cut = Buffer.concat([JPEG.subarray(0, JPEG.length >> 1), Buffer.from([0xff, 0xd9])]);
    expect(message(cut)).toMatch(/truncated/);
  });

  test('a PNG', () => {
    expect(message(picture(320, 240).encodeSync('png'))).toBe('not a JPEG file');
  });

  test('an empty buffer', () => {
    expect(message(new Uint8Array())).toBe('not a JPEG file');
  });

  test.each([
    [63, 64],
    [64, 63],
    [1921, 64],
    [64, 1921],
  ])('a picture of %d x %d', (width, height) => {
    expect(message(picture(width, height).encodeSync('jpeg', 50))).toMatch(/each side must be 64 to 1920/);
  });

  test('more pixels than the output buffer holds', () => {
    expect(message(picture(2000, 2000).encodeSync('jpeg', 10))).toMatch(/more pixels than 1920x1920/);
  });

  test('a progressive JPEG with so many scans that it would block a thread for seconds', () => {
    const scan = JPEG.subarray(JPEG.indexOf(Buffer.from([0xff, 0xda])), JPEG.length - 2);
    const bomb = Buffer.concat([
      JPEG.subarray(0, JPEG.length - 2),
      ...Array.from({ length: 40 }, () => scan),
      JPEG.subarray(-2),
    ]);
    expect(message(bomb)).toMatch(/more than 16 scans/);
  });
});

test('accepts the minimum and maximum side lengths', () => {
  expect(message(picture(64, 64).encodeSync('jpeg', 50))).toBe('decoded');
  expect(message(picture(1920, 1920).encodeSync('jpeg', 10))).toBe('decoded');
});

test('decodes a valid JPEG after a refused one', () => {
  const decoder = new JpegDecoder();
  expect(() => decoder.decode(JPEG.subarray(0, 500))).toThrow(InvalidImage);
  expect(decoder.decode(JPEG).width).toBe(320);
});

describe('luma', () => {
  test('mean and deviation distinguish a dark, a featureless and an ordinary frame', () => {
    const even = (value: number) => ({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(value) });
    expect(measureLight(even(3)).luma).toEqual({ mean: expect.closeTo(3), deviation: expect.closeTo(0) });
    expect(measureLight(even(140)).luma).toEqual({ mean: expect.closeTo(140), deviation: expect.closeTo(0) });
    // A quarter at luma 48.7, the rest at 124.2.
    const { mean, deviation } = measureLight(new JpegDecoder().decode(JPEG)).luma;
    expect(Math.abs(mean - 105.3)).toBeLessThan(3);
    expect(Math.abs(deviation - 32.7)).toBeLessThan(3);
  });

  test('of a face is that of the middle of its box, as far as it lies in the image', () => {
    // Left half 20, right half 200.
    const image = {
      width: 64,
      height: 64,
      data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % 192 < 96 ? 20 : 200)),
    };
    expect(measureFaceLight(image, [2, 10, 28, 40])).toEqual({
      mean: expect.closeTo(20),
      deviation: expect.closeTo(0),
    });
    expect(measureFaceLight(image, [36, 10, 28, 40])).toEqual({
      mean: expect.closeTo(200),
      deviation: expect.closeTo(0),
    });
    // Hair and wall to both sides are none of it.
    expect(measureFaceLight(image, [26, 10, 60, 40])!.mean).toBeCloseTo(200);
    expect(measureFaceLight(image, [12, 10, 40, 40])).toEqual({
      mean: expect.closeTo(110),
      deviation: expect.closeTo(90),
    });
    // Half of it is cut off.
    expect(measureFaceLight(image, [40, 30, 60, 80])!.mean).toBeCloseTo(200);
    expect(measureFaceLight(image, [200, 10, 40, 40])).toBeNull();
  });

  test('equal frames have equal fingerprints, and a change of one sampled pixel changes it', () => {
    const decoder = new JpegDecoder();
    const first = framePrint(decoder.decode(JPEG));
    expect(first).toHaveLength(16 * 12);
    const image = decoder.decode(JPEG);
    expect(framePrint(image)).toEqual(first);
    image.data.fill(255, (10 * 320 + 10) * 3, (10 * 320 + 10) * 3 + 3);
    expect(framePrint(image)[0]).toBe(255);
  });
});
