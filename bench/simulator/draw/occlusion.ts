import { EMPTY, type SurfaceBuffer } from './surface-buffer.ts';

let sums = new Float32Array(0);
let counts = new Float32Array(0);
let rowSums = new Float32Array(0);
let rowCounts = new Float32Array(0);
let result = new Float32Array(0);

/**
 * How open each covered pixel lies, 1 = free, towards 0.4 = in a hollow: the depth beside its own
 * neighbourhood's mean (unsharp masking of the depth buffer, Luft et al. 2006). It darkens eye sockets,
 * the underside of nose and chin, and the neck, which is what face detectors look for.
 */
export function depthShadow(buffer: SurfaceBuffer, scale: number): Float32Array {
  const { width, height, depth, bounds } = buffer;
  if (result.length !== width * height) {
    sums = new Float32Array(width * height);
    counts = new Float32Array(width * height);
    rowSums = new Float32Array(width * height);
    rowCounts = new Float32Array(width * height);
    result = new Float32Array(width * height);
  }
  const radius = Math.max(2, Math.round(scale * 1.6));
  const { left, right, top, bottom } = bounds;
  for (let y = top; y <= bottom; y++) slide(depth, null, rowSums, rowCounts, y * width + left, 1, right - left + 1, radius);
  for (let x = left; x <= right; x++) slide(rowSums, rowCounts, sums, counts, top * width + x, width, bottom - top + 1, radius);
  for (let y = top; y <= bottom; y++) {
    for (let pixel = y * width + left, end = y * width + right; pixel <= end; pixel++) {
      const own = depth[pixel]!;
      if (own === EMPTY) continue;
      const hollow = sums[pixel]! / counts[pixel]! - own;
      result[pixel] = hollow <= 0 ? Math.min(1.12, 1 - hollow * 0.06) : 1 - 0.6 * (1 - Math.exp(-hollow * 0.9));
    }
  }
  return result;
}

/** Running sums along a line of pixels; pixels without depth count for nothing. */
function slide(
  values: Float32Array, weights: Float32Array | null, outSum: Float32Array, outCount: Float32Array,
  start: number, step: number, length: number, radius: number,
): void {
  let sum = 0;
  let count = 0;
  for (let i = -radius; i < length; i++) {
    const enter = i + radius;
    if (enter < length) {
      const at = start + enter * step;
      const value = values[at]!;
      if (weights !== null) {
        sum += value;
        count += weights[at]!;
      } else if (value !== EMPTY) {
        sum += value;
        count++;
      }
    }
    const leave = i - radius - 1;
    if (leave >= 0) {
      const at = start + leave * step;
      const value = values[at]!;
      if (weights !== null) {
        sum -= value;
        count -= weights[at]!;
      } else if (value !== EMPTY) {
        sum -= value;
        count--;
      }
    }
    if (i >= 0) {
      outSum[start + i * step] = sum;
      outCount[start + i * step] = count;
    }
  }
}
