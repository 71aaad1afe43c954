/**
 * Weighted source pixels of each output pixel along one axis. When downscaling, a source pixel is weighted by the area
 * that the output pixel covers of it; when upscaling, the two nearest are interpolated. Positions outside the source
 * use its edge. Weights are integers, in groups of three padded with 0, because the loops that use them process three
 * at a time.
 */
export class Taps {
  /** First source index of each output pixel. */
  first = new Int32Array(0);
  /** Triples of weights of each output pixel. */
  triples = new Int32Array(0);
  /** `stride` slots per output pixel. */
  weights = new Int32Array(0);
  /** 1 / sum of the weights of each output pixel. */
  inverse = new Float64Array(0);
  stride = 0;
  /** Source indices in use: `from` <= i < `to`. */
  from = 0;
  to = 0;

  /** @param total maximum sum of the weights of an output pixel */
  fill(start: number, step: number, outputs: number, source: number, total: number): void {
    this.stride = 3 * Math.ceil((Math.max(1, Math.ceil(step)) + 1) / 3);
    if (this.first.length < outputs) {
      this.first = new Int32Array(outputs);
      this.triples = new Int32Array(outputs);
      this.inverse = new Float64Array(outputs);
    }
    if (this.weights.length < outputs * this.stride) this.weights = new Int32Array(outputs * this.stride);
    this.weights.fill(0, 0, outputs * this.stride);
    this.from = source;
    this.to = 0;
    const unit = unitFor(step, total);
    for (let i = 0; i < outputs; i++) {
      if (step > 1) this.#area(i, start + i * step, step, source, unit);
      else this.#linear(i, start + (i + 0.5) * step - 0.5, source, total);
    }
  }

  /** A fully covered pixel has weight `unit`, those at the ends their share. */
  #area(i: number, from: number, step: number, source: number, unit: number): void {
    const to = from + step;
    const begin = Math.floor(from);
    // A rounding residue at the far end is no pixel.
    const end = Math.max(begin + 1, Math.ceil(to - 1e-9));
    this.#begin(i, begin, end, source);
    let sum = 0;
    for (let at = begin; at < end; at++) {
      const weight = Math.round((Math.min(to, at + 1) - Math.max(from, at)) * unit);
      this.#add(i, at, weight, source);
      sum += weight;
    }
    this.inverse[i] = 1 / sum;
  }

  #linear(i: number, centre: number, source: number, total: number): void {
    const begin = Math.floor(centre);
    const second = Math.round((centre - begin) * total);
    this.#begin(i, begin, begin + 2, source);
    this.#add(i, begin, total - second, source);
    this.#add(i, begin + 1, second, source);
    this.inverse[i] = 1 / total;
  }

  #begin(i: number, begin: number, end: number, source: number): void {
    const first = clamp(begin, source - 1);
    const last = clamp(end - 1, source - 1);
    this.first[i] = first;
    this.triples[i] = Math.ceil((last - first + 1) / 3);
    this.from = Math.min(this.from, first);
    this.to = Math.max(this.to, last + 1);
  }

  #add(i: number, at: number, weight: number, source: number): void {
    this.weights[i * this.stride + clamp(at, source - 1) - this.first[i]!]! += weight;
  }
}

/**
 * Weight of a full source pixel. A multiple of 8 where possible, which makes the usual ratios exact (5:2, 5:4, 15:8).
 * The two ends may each be rounded up by half.
 */
function unitFor(step: number, total: number): number {
  const unit = Math.floor((total - 1) / step);
  return unit >= 8 ? unit - (unit % 8) : Math.max(1, unit);
}

function clamp(index: number, max: number): number {
  return index < 0 ? 0 : index > max ? max : index;
}
