import type { RgbImage } from './image.ts';

/** A square of the picture, turned. */
export interface TurnedSquare {
  /** Centre and side in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
  /** Radians that the square's x axis leans clockwise in the picture. */
  readonly lean: number;
}

/**
 * Fills a `size` x `size` RGB crop, 0..1, of a turned square. Bilinear, with as many samples an output pixel and axis
 * as it covers source pixels, so that shrinking averages rather than skips. Edges of the picture are repeated.
 */
export function levelledCrop(image: RgbImage, { x, y, side, lean }: TurnedSquare, out: Float32Array, size: number): void {
  const step = side / size;
  const samples = Math.max(1, Math.round(step));
  const cos = Math.cos(lean);
  const sin = Math.sin(lean);
  const scale = 1 / (255 * samples * samples);
  const sum = new Float64Array(3);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++, at += 3) {
      sum.fill(0);
      for (let i = 0; i < samples * samples; i++) {
        const u = (column + ((i % samples) + 0.5) / samples) * step - side / 2;
        const v = (row + (Math.floor(i / samples) + 0.5) / samples) * step - side / 2;
        addSample(image, x + u * cos - v * sin - 0.5, y + u * sin + v * cos - 0.5, sum);
      }
      out[at] = sum[0]! * scale;
      out[at + 1] = sum[1]! * scale;
      out[at + 2] = sum[2]! * scale;
    }
  }
}

/** @param x, y in pixels from the middle of the first pixel */
function addSample({ data, width, height }: RgbImage, x: number, y: number, sum: Float64Array): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const x0 = clamp(left, width - 1) * 3;
  const x1 = clamp(left + 1, width - 1) * 3;
  const y0 = clamp(top, height - 1) * width * 3;
  const y1 = clamp(top + 1, height - 1) * width * 3;
  for (let c = 0; c < 3; c++) {
    const upper = data[y0 + x0 + c]! * (1 - fx) + data[y0 + x1 + c]! * fx;
    const lower = data[y1 + x0 + c]! * (1 - fx) + data[y1 + x1 + c]! * fx;
    sum[c]! += upper * (1 - fy) + lower * fy;
  }
}

function clamp(index: number, max: number): number {
  return index < 0 ? 0 : index > max ? max : index;
}
