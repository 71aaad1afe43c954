import jpegTurbo from '@julusian/jpeg-turbo';
import { addSensorNoise } from '../../../simulator/draw/camera.ts';
import { encodeJpeg } from '../../../simulator/draw/jpeg.ts';
import type { Random } from '../../../simulator/draw/prng.ts';

/** A decoded picture, RGBA. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

const QUALITY = 0.8;

export function decoded(jpeg: Uint8Array): Pixels {
  const { width, height, data } = jpegTurbo.decompressSync(Buffer.from(jpeg), { format: jpegTurbo.FORMAT_RGBA });
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** @param noise standard deviation of the camera's own noise */
export function encoded({ width, height, data }: Pixels, noise: number, random: Random): Buffer {
  const noisy = data.slice();
  if (noise > 0) addSensorNoise(noisy, width, noise, random);
  return encodeJpeg(noisy, width, height, QUALITY);
}

/** Where a photograph is held: pixels, degrees, and a share of its size. */
export interface Hold {
  readonly x: number;
  readonly y: number;
  readonly roll: number;
  readonly scale: number;
  /** Degrees by which it is turned about its vertical axis: one side is nearer, both are narrower. */
  readonly tilt: number;
}

/** Distance of the camera, in widths of the picture. */
const DISTANCE = 1.5;

/** The picture as a sheet that somebody holds before the camera. Edges are repeated. */
export function held({ width, height, data }: Pixels, { x, y, roll, scale, tilt }: Hold): Pixels {
  const out = new Uint8ClampedArray(data.length);
  const [cos, sin] = [Math.cos((roll * Math.PI) / 180), Math.sin((roll * Math.PI) / 180)];
  const [turn, depth] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
  const distance = DISTANCE * width;
  for (let row = 0, to = 0; row < height; row++)
    for (let column = 0; column < width; column++, to += 4) {
      const dx = (column - width / 2 - x) / scale;
      const dy = (row - height / 2 - y) / scale;
      // Back through rotation and perspective.
      const seenX = cos * dx + sin * dy;
      const seenY = -sin * dx + cos * dy;
      const flatX = (seenX * distance) / (turn * distance - seenX * depth);
      const flatY = (seenY * (distance + flatX * depth)) / distance;
      const fromX = Math.round(Math.max(0, Math.min(width - 1, flatX + width / 2)));
      const fromY = Math.round(Math.max(0, Math.min(height - 1, flatY + height / 2)));
      const from = (fromY * width + fromX) * 4;
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
      out[to + 3] = 255;
    }
  return { width, height, data: out };
}

/** Scaled to another width; each pixel is the nearest one. */
export function scaled({ width, height, data }: Pixels, toWidth: number): Pixels {
  const toHeight = Math.round((height * toWidth) / width);
  const out = new Uint8ClampedArray(toWidth * toHeight * 4);
  for (let row = 0, to = 0; row < toHeight; row++)
    for (let column = 0; column < toWidth; column++, to += 4) {
      const from = (Math.floor((row * height) / toHeight) * width + Math.floor((column * width) / toWidth)) * 4;
      out.set(data.subarray(from, from + 4), to);
    }
  return { width: toWidth, height: toHeight, data: out };
}

export function mirrored({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const from = (row * width + width - 1 - column) * 4;
      out.set(data.subarray(from, from + 4), (row * width + column) * 4);
    }
  return { width, height, data: out };
}

/** Brighter or darker. */
export function exposed(pixels: Pixels, gain: number, offset = 0): Pixels {
  const data = pixels.data.map((value, i) => (i % 4 === 3 ? 255 : value * gain + offset));
  return { ...pixels, data };
}

/** A mean over a square of `2 * radius + 1` pixels, twice: a smeared lens. */
export function blurred(pixels: Pixels, radius: number): Pixels {
  return transposed(boxed(transposed(boxed(pixels, radius)), radius));
}

function boxed({ width, height, data }: Pixels, radius: number): Pixels {
  const out = new Uint8ClampedArray(data.length);
  const size = 2 * radius + 1;
  for (let row = 0; row < height; row++)
    for (let channel = 0; channel < 4; channel++) {
      const at = (column: number) => data[(row * width + Math.max(0, Math.min(width - 1, column))) * 4 + channel]!;
      let sum = 0;
      for (let column = -radius; column <= radius; column++) sum += at(column);
      for (let column = 0; column < width; column++) {
        out[(row * width + column) * 4 + channel] = sum / size;
        sum += at(column + radius + 1) - at(column - radius);
      }
    }
  return { width, height, data: out };
}

function transposed({ width, height, data }: Pixels): Pixels {
  const out = new Uint8ClampedArray(data.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let channel = 0; channel < 4; channel++)
        out[(column * height + row) * 4 + channel] = data[(row * width + column) * 4 + channel]!;
  return { width: height, height: width, data: out };
}
