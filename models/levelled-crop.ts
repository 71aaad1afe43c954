import type { RgbImage } from './image.ts';

/** A rotated square of the image. */
export interface TurnedSquare {
  /** Centre and side in image pixels. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Clockwise tilt of the square's x axis in the image, radians. */
  readonly lean: number;
}

/**
 * Crops rotated squares to `size` x `size` RGB. Bilinear, with as many samples per output pixel and axis as source
 * pixels it covers, so that downscaling averages rather than skips. Edges of the image are repeated.
 */
export class LevelledCrop {
  readonly #size: number;
  /** Sums of the samples of one row. */
  readonly #row: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#row = new Float64Array(size * 3);
  }

  /** 0..1 */
  toUnit(image: RgbImage, square: TurnedSquare, out: Float32Array): void {
    const row = this.#row;
    const samples = samplesFor(square, this.#size);
    const scale = 1 / (255 * samples * samples);
    for (let y = 0, at = 0; y < this.#size; y++) {
      sampleRow(image, square, this.#size, samples, y, row);
      for (let i = 0; i < row.length; i++, at++) out[at] = row[i]! * scale;
    }
  }

  /**
   * Values 0..255, rounded.
   * @param out starts at the crop
   * @param mirrored swaps left and right
   */
  toBytes(image: RgbImage, square: TurnedSquare, out: Uint8Array, mirrored: boolean): void {
    const row = this.#row;
    const samples = samplesFor(square, this.#size);
    const scale = 1 / (samples * samples);
    for (let y = 0, at = 0; y < this.#size; y++) {
      sampleRow(image, square, this.#size, samples, y, row);
      for (let x = 0; x < this.#size; x++, at += 3) {
        const from = (mirrored ? this.#size - 1 - x : x) * 3;
        out[at] = row[from]! * scale + 0.5;
        out[at + 1] = row[from + 1]! * scale + 0.5;
        out[at + 2] = row[from + 2]! * scale + 0.5;
      }
    }
  }
}

/** A single crop, 0..1. For many, reuse a `LevelledCrop`. */
export function levelledCrop(image: RgbImage, square: TurnedSquare, out: Float32Array, size: number): void {
  new LevelledCrop(size).toUnit(image, square, out);
}

function samplesFor({ side }: TurnedSquare, size: number): number {
  return Math.max(1, Math.round(side / size));
}

/** Sums the samples of one row of output pixels. */
function sampleRow(
  image: RgbImage,
  { x, y, side, lean }: TurnedSquare,
  size: number,
  samples: number,
  row: number,
  sums: Float64Array,
): void {
  const { data, width, height } = image;
  const step = side / size / samples;
  const right = Math.cos(lean) * step;
  const down = Math.sin(lean) * step;
  sums.fill(0);
  for (let j = 0; j < samples; j++) {
    // From the centre of the square, in samples; then in pixels from the centre of the image's first pixel.
    const v = row * samples + j + 0.5 - (size * samples) / 2;
    const u = 0.5 - (size * samples) / 2;
    let px = x + u * right - v * down - 0.5;
    let py = y + u * down + v * right - 0.5;
    for (let column = 0, i = 0; column < sums.length; px += right, py += down) {
      const left = Math.floor(px);
      const top = Math.floor(py);
      const fx = px - left;
      const fy = py - top;
      const x0 = clamp(left, width - 1) * 3;
      const x1 = clamp(left + 1, width - 1) * 3;
      const y0 = clamp(top, height - 1) * width * 3;
      const y1 = clamp(top + 1, height - 1) * width * 3;
      const a = (1 - fx) * (1 - fy);
      const b = fx * (1 - fy);
      const c = (1 - fx) * fy;
      const d = fx * fy;
      sums[column]! += data[y0 + x0]! * a + data[y0 + x1]! * b + data[y1 + x0]! * c + data[y1 + x1]! * d;
      sums[column + 1]! +=
        data[y0 + x0 + 1]! * a + data[y0 + x1 + 1]! * b + data[y1 + x0 + 1]! * c + data[y1 + x1 + 1]! * d;
      sums[column + 2]! +=
        data[y0 + x0 + 2]! * a + data[y0 + x1 + 2]! * b + data[y1 + x0 + 2]! * c + data[y1 + x1 + 2]! * d;
      i += 1;
      if (i === samples) {
        i = 0;
        column += 3;
      }
    }
  }
}

function clamp(index: number, max: number): number {
  return index < 0 ? 0 : index > max ? max : index;
}
