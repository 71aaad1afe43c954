import type { RgbImage } from '../../models/image.ts';
import type { Box } from '../../models/jobs.ts';
import { measureLight } from '../../models/luma.ts';
import { Resampler } from '../../models/resample.ts';
import { encodeJpeg } from '../../simulator/draw/jpeg.ts';

const resampler = new Resampler();
/** Side of the downscaled picture used for a mean. */
const MEAN_SIDE = 8;
/**
 * Mean difference between a pixel's largest and smallest channel, 0..255, below which a picture is grey: the residue of
 * JPEG compression.
 */
const GREY = 5;

/** Copies an image: the decoder reuses its buffer. */
export function keep({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: new Uint8Array(data.subarray(0, width * height * 3)) };
}

/** Scales a rectangle of the picture; edges are repeated outside it. */
export function resampled(image: RgbImage, area: Box, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  resampler.run(image, area, data, width, height);
  return { width, height, data };
}

/** Mean luma 0..255 of a rectangle. */
export function lumaOf(image: RgbImage, area: Box): number {
  return measureLight(resampled(image, area, MEAN_SIDE, MEAN_SIDE)).luma.mean;
}

/** True for black and white photographs, original or converted. */
export function isGrey({ width, height, data }: RgbImage): boolean {
  let sum = 0;
  for (let at = 0; at < width * height * 3; at += 3) {
    sum += Math.max(data[at]!, data[at + 1]!, data[at + 2]!) - Math.min(data[at]!, data[at + 1]!, data[at + 2]!);
  }
  return sum / (width * height) < GREY;
}

/** Removes the colour in place. Rec. 601 luma. */
export function turnGrey({ width, height, data }: RgbImage): void {
  for (let at = 0; at < width * height * 3; at += 3) {
    data.fill(Math.round(0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!), at, at + 3);
  }
}

/** @param quality 0..1 */
export function toJpeg({ width, height, data }: RgbImage, quality: number): Uint8Array {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) rgba[pixel * 4 + channel] = data[pixel * 3 + channel]!;
  }
  return new Uint8Array(encodeJpeg(rgba, width, height, quality));
}
