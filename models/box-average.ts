import type { Rectangle, RgbImage } from './image.ts';

/**
 * Whether a rectangle is copied (1) or halved, aligned to pixels: the usual case of webcams and networks, which needs
 * no weights.
 */
export function boxFactor(
  source: RgbImage,
  [left, top, width, height]: Rectangle,
  outWidth: number,
  outHeight: number,
): 1 | 2 | undefined {
  const factor = width / outWidth;
  if ((factor !== 1 && factor !== 2) || factor !== height / outHeight || !inside(source, left, top, width, height))
    return undefined;
  return factor;
}

/** Copies or halves. */
export function boxAverage(
  { data, width }: RgbImage,
  [left, top]: Rectangle,
  factor: 1 | 2,
  out: Uint8Array,
  outWidth: number,
  outHeight: number,
  outStride: number,
): void {
  const stride = width * 3;
  if (factor === 1) {
    for (let y = 0; y < outHeight; y++) {
      const from = (top + y) * stride + left * 3;
      out.set(data.subarray(from, from + outWidth * 3), y * outStride);
    }
    return;
  }
  for (let y = 0; y < outHeight; y++) {
    let upper = (top + y * 2) * stride + left * 3;
    let lower = upper + stride;
    let to = y * outStride;
    for (let x = 0; x < outWidth; x++, upper += 6, lower += 6, to += 3) {
      out[to] = (data[upper]! + data[upper + 3]! + data[lower]! + data[lower + 3]! + 2) >> 2;
      out[to + 1] = (data[upper + 1]! + data[upper + 4]! + data[lower + 1]! + data[lower + 4]! + 2) >> 2;
      out[to + 2] = (data[upper + 2]! + data[upper + 5]! + data[lower + 2]! + data[lower + 5]! + 2) >> 2;
    }
  }
}

function inside(source: RgbImage, left: number, top: number, width: number, height: number): boolean {
  return (
    Number.isInteger(left) &&
    Number.isInteger(top) &&
    left >= 0 &&
    top >= 0 &&
    left + width <= source.width &&
    top + height <= source.height
  );
}
