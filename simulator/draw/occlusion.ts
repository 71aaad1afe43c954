import { EMPTY, type SurfaceBuffer } from './surface-buffer.ts';

/** Hollows are wide and soft: every second pixel in each direction suffices, at a quarter of the time. */
export interface Openness {
  /** Row-major, one value per two by two pixels; meaningful where the buffer is covered. */
  readonly values: Float32Array;
  readonly width: number;
}

let depths = new Float32Array(0);
let rowSums = new Float32Array(0);
let rowCounts = new Float32Array(0);
let sums = new Float32Array(0);
let counts = new Float32Array(0);

/**
 * Openness of each covered pixel, from 1 = free to 0.4 = in a hollow: its depth relative to the mean of its
 * neighbourhood (unsharp masking of the depth buffer, Luft et al. 2006). Darkens eye sockets, the underside of nose and
 * chin, and the neck, which face detectors rely on. `scale`: pixels per centimetre. The result is overwritten by the
 * next call.
 */
export function openness(buffer: SurfaceBuffer, scale: number): Openness {
  const width = (buffer.width + 1) >> 1;
  const size = width * ((buffer.height + 1) >> 1);
  if (depths.length !== size) {
    depths = new Float32Array(size);
    rowSums = new Float32Array(size);
    rowCounts = new Float32Array(size);
    sums = new Float32Array(size);
    counts = new Float32Array(size);
  }
  const left = buffer.bounds.left >> 1,
    right = buffer.bounds.right >> 1;
  const top = buffer.bounds.top >> 1,
    bottom = buffer.bounds.bottom >> 1;
  const radius = Math.max(1, Math.round(scale * 0.8));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) depths[y * width + x] = deepest(buffer, x * 2, y * 2);
    slide(depths, null, rowSums, rowCounts, y * width + left, 1, right - left + 1, radius);
  }
  for (let x = left; x <= right; x++)
    slide(rowSums, rowCounts, sums, counts, top * width + x, width, bottom - top + 1, radius);
  for (let y = top; y <= bottom; y++) {
    for (let i = y * width + left, end = y * width + right; i <= end; i++) {
      const own = depths[i]!;
      if (own === EMPTY) continue;
      const hollow = sums[i]! / counts[i]! - own;
      sums[i] = hollow <= 0 ? Math.min(1.12, 1 - hollow * 0.06) : 1 - 0.6 * (1 - Math.exp(-hollow * 0.9));
    }
  }
  return { values: sums, width };
}

/**
 * The deepest covered pixel of two by two: covered pixels at an edge always get a value, and the neck just under the
 * chin gets its own shadow rather than the chin's light.
 */
function deepest({ depth, width, height }: SurfaceBuffer, x: number, y: number): number {
  const i = y * width + x;
  const across = x + 1 < width ? 1 : 0;
  const down = y + 1 < height ? width : 0;
  let found = depth[i]!;
  for (const other of [depth[i + across]!, depth[i + down]!, depth[i + across + down]!]) {
    if (found === EMPTY || (other !== EMPTY && other < found)) found = other;
  }
  return found;
}

/** Running sums along a line of pixels; pixels without depth are ignored. */
function slide(
  values: Float32Array,
  weights: Float32Array | null,
  outSum: Float32Array,
  outCount: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
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
