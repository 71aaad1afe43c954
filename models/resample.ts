import type { RgbImage } from './image.ts';

/**
 * Weighted source pixels behind each output pixel along one axis. When shrinking, a source pixel weighs by the area that the output
 * pixel covers of it; when enlarging, the two nearest are interpolated. Indices outside the source repeat its edge.
 */
interface Taps {
  /** First source index, not yet clamped, and number of taps, one an output pixel. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` slots an output pixel; they sum to 1. */
  readonly weights: Float64Array;
  stride: number;
}

/**
 * Separable resampling of a rectangle of an RGB image, with buffers that grow to the largest job seen and stay.
 * Area-averaged when shrinking, as the networks were trained: plain bilinear sampling skips pixels and aliases.
 */
export class Resampler {
  #x: Taps = taps(0, 0);
  #y: Taps = taps(0, 0);
  #line = new Float64Array(0);
  #sum = new Float64Array(0);

  /**
   * Fills `outWidth` x `outHeight` pixels at the top left of `out` from the rectangle `left, top, width, height` of the source
   * (pixels, fractions allowed, may reach outside: edges are repeated).
   * @param outStride bytes from one row of `out` to the next
   */
  run(
    source: RgbImage,
    [left, top, width, height]: readonly [number, number, number, number],
    out: Uint8Array,
    outWidth: number,
    outHeight: number,
    outStride: number = outWidth * 3,
  ): void {
    const factor = width / outWidth;
    if (factor === height / outHeight && Number.isInteger(factor) && factor <= MAX_BOX && inside(source, left, top, width, height)) {
      boxAverage(source, left, top, factor, out, outWidth, outHeight, outStride);
      return;
    }
    this.#x = fillTaps(this.#x, left, width / outWidth, outWidth);
    this.#y = fillTaps(this.#y, top, height / outHeight, outHeight);
    this.#resample(source, out, outWidth, outHeight, outStride);
  }

  #resample(source: RgbImage, out: Uint8Array, outWidth: number, outHeight: number, outStride: number): void {
    const row = outWidth * 3;
    if (this.#line.length < row) {
      this.#line = new Float64Array(row);
      this.#sum = new Float64Array(row);
    }
    const { first, count, weights, stride } = this.#y;
    const line = this.#line;
    const sum = this.#sum;
    // Neighbouring output rows share the source row at their border: keep the last one reduced.
    let held = -1;
    for (let y = 0; y < outHeight; y++) {
      sum.fill(0, 0, row);
      for (let t = 0; t < count[y]!; t++) {
        const sourceY = clamp(first[y]! + t, source.height - 1);
        if (sourceY !== held) {
          this.#reduceLine(source, sourceY, outWidth);
          held = sourceY;
        }
        const weight = weights[y * stride + t]!;
        for (let i = 0; i < row; i++) sum[i]! += line[i]! * weight;
      }
      const base = y * outStride;
      for (let i = 0; i < row; i++) out[base + i] = sum[i]! + 0.5;
    }
  }

  #reduceLine(source: RgbImage, y: number, outWidth: number): void {
    const { first, count, weights, stride } = this.#x;
    const { data, width } = source;
    const line = this.#line;
    const start = y * width * 3;
    for (let x = 0; x < outWidth; x++) {
      const from = first[x]!;
      const n = count[x]!;
      let r = 0;
      let g = 0;
      let b = 0;
      if (from >= 0 && from + n <= width) {
        let at = start + from * 3;
        for (let t = 0; t < n; t++, at += 3) {
          const weight = weights[x * stride + t]!;
          r += data[at]! * weight;
          g += data[at + 1]! * weight;
          b += data[at + 2]! * weight;
        }
      } else {
        for (let t = 0; t < n; t++) {
          const at = start + clamp(from + t, width - 1) * 3;
          const weight = weights[x * stride + t]!;
          r += data[at]! * weight;
          g += data[at + 1]! * weight;
          b += data[at + 2]! * weight;
        }
      }
      line[x * 3] = r;
      line[x * 3 + 1] = g;
      line[x * 3 + 2] = b;
    }
  }
}

/** Webcams and networks mostly meet at whole factors (640 to 320, 1280 to 320), and these need no weights. */
const MAX_BOX = 8;

function boxAverage(
  { data, width }: RgbImage,
  left: number,
  top: number,
  factor: number,
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
  if (factor === 2) {
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
    return;
  }
  const scale = 1 / (factor * factor);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let dy = 0; dy < factor; dy++) {
        let at = (top + y * factor + dy) * stride + (left + x * factor) * 3;
        for (let dx = 0; dx < factor; dx++, at += 3) {
          r += data[at]!;
          g += data[at + 1]!;
          b += data[at + 2]!;
        }
      }
      const to = y * outStride + x * 3;
      out[to] = r * scale + 0.5;
      out[to + 1] = g * scale + 0.5;
      out[to + 2] = b * scale + 0.5;
    }
  }
}

function inside(source: RgbImage, left: number, top: number, width: number, height: number): boolean {
  return Number.isInteger(left) && Number.isInteger(top) && left >= 0 && top >= 0
    && left + width <= source.width && top + height <= source.height;
}

function taps(outputs: number, stride: number): Taps {
  return { first: new Int32Array(outputs), count: new Int32Array(outputs), weights: new Float64Array(outputs * stride), stride };
}

/** @param step source pixels an output pixel */
function fillTaps(held: Taps, start: number, step: number, outputs: number): Taps {
  const stride = Math.max(2, Math.ceil(step) + 1);
  const fits = held.first.length >= outputs && held.weights.length >= outputs * stride;
  const into = fits ? held : taps(outputs, stride);
  into.stride = stride;
  for (let i = 0; i < outputs; i++) {
    if (step > 1) fillArea(into, i, start + i * step, step);
    else fillLinear(into, i, start + (i + 0.5) * step - 0.5);
  }
  return into;
}

function fillArea({ first, count, weights, stride }: Taps, i: number, from: number, step: number): void {
  const to = from + step;
  const begin = Math.floor(from);
  // A sliver of rounding at the far end must not become a tap beyond the slots.
  const n = Math.min(stride, Math.max(1, Math.ceil(to - 1e-9) - begin));
  first[i] = begin;
  count[i] = n;
  for (let t = 0; t < n; t++) {
    const covered = Math.min(to, begin + t + 1) - Math.max(from, begin + t);
    weights[i * stride + t] = covered / step;
  }
}

function fillLinear({ first, count, weights, stride }: Taps, i: number, centre: number): void {
  const begin = Math.floor(centre);
  first[i] = begin;
  count[i] = 2;
  weights[i * stride] = 1 - (centre - begin);
  weights[i * stride + 1] = centre - begin;
}

function clamp(index: number, max: number): number {
  return index < 0 ? 0 : index > max ? max : index;
}
