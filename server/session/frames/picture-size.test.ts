import { describe, expect, test } from 'vitest';
import { fit } from '../../../web/sdk/browser/picture-size.ts';
import { whyTooLarge } from './picture-size.ts';

describe('the size of a picture (F11)', () => {
  test.each([
    [640, 480],
    [640, 360],
    [640, 1138],
    [480, 640],
    [656, 480],
    [64, 64],
  ])('%d x %d is within 640', (width, height) => {
    expect(whyTooLarge({ width, height }, 640)).toBeUndefined();
  });

  test.each([
    [657, 480],
    [1280, 720],
    [1920, 1920],
    [64, 1155],
    [480, 1920],
  ])('%d x %d is not within 640', (width, height) => {
    expect(whyTooLarge({ width, height }, 640)).toBe(`${width}x${height} exceeds the maximum of 640x1138`);
  });

  test('pictures that the SDK makes of any camera are within the maximum', () => {
    for (const maxWidth of [64, 320, 640, 1280, 1920]) {
      for (const [width, height] of [
        [1920, 1080],
        [1080, 1920],
        [640, 480],
        [400, 1920],
        [4096, 2160],
        [300, 4000],
      ] as const) {
        expect(
          whyTooLarge(fit(width, height, maxWidth), maxWidth),
          `${width}x${height} at ${maxWidth}`,
        ).toBeUndefined();
      }
    }
  });
});
