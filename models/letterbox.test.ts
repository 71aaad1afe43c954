import { expect, test } from 'vitest';
import type { RgbImage } from './image.ts';
import { Letterbox } from './letterbox.ts';

function plain(width: number, height: number, value = 200): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

function pixel({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

test.each([
  [640, 480, 320, 256],
  [1280, 720, 320, 192],
  [480, 640, 256, 320],
  [320, 240, 320, 256],
  [100, 100, 320, 320],
  [1920, 64, 320, 32],
])('fits %d x %d into a canvas of %d x %d', (width, height, canvasWidth, canvasHeight) => {
  const { canvas, scale } = new Letterbox(320).fit(plain(width, height));
  expect([canvas.width, canvas.height]).toEqual([canvasWidth, canvasHeight]);
  expect(scale).toBeCloseTo(320 / Math.max(width, height));
});

test('a pixel of the image is mapped to its position times the scale', () => {
  const image = plain(640, 480, 0);
  for (let y = 200; y < 208; y++) image.data.fill(255, (y * 640 + 400) * 3, (y * 640 + 408) * 3);
  const { canvas, scale } = new Letterbox(320).fit(image);
  expect(pixel(canvas, 400 * scale, 200 * scale)).toEqual([255, 255, 255]);
  expect(pixel(canvas, 203, 103)).toEqual([255, 255, 255]);
  expect(pixel(canvas, 400 * scale - 1, 200 * scale)).toEqual([0, 0, 0]);
  expect(pixel(canvas, 408 * scale, 200 * scale)).toEqual([0, 0, 0]);
});

test('padding is black, also after a larger image used the same canvas', () => {
  const letterbox = new Letterbox(320);
  letterbox.fit(plain(320, 256));
  const { canvas } = letterbox.fit(plain(640, 480));
  expect(canvas.height).toBe(256);
  expect(pixel(canvas, 10, 239)).toEqual([200, 200, 200]);
  expect(pixel(canvas, 10, 240)).toEqual([0, 0, 0]);
  expect(pixel(canvas, 319, 255)).toEqual([0, 0, 0]);
});
