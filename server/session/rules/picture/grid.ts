/** Ages are tenths of seconds. */
const TENTHS = 10;
/** Between samples that are so many times as far apart as usual, as around a gap, nothing is known. */
const MAX_INTERVALS = 1.8;

/**
 * What a series of bytes that count modulo 256 shows at each tenth of a second: thousands of comparisons of one scan
 * fall on a few hundred of them. A row has a byte a field.
 */
export class Grid {
  /** Values of the nearer sample. */
  nearest = new Uint8Array(0);
  /** Values on the line between the two samples around. */
  between = new Uint8Array(0);
  /** Whether a row is known. */
  #known = new Uint8Array(0);
  readonly #fields: number;

  constructor(fields: number) {
    this.#fields = fields;
  }

  /**
   * @param ages of the samples, s, tenths, oldest first
   * @param values of the samples, one after the other
   */
  lay({ ages, values }: { readonly ages: readonly number[]; readonly values: Uint8Array }): void {
    const oldest = tenthsOf(ages[0] ?? 0);
    this.#reserve(oldest + 1);
    const maxInterval = (MAX_INTERVALS * (ages[0] ?? 0)) / (ages.length - 1);
    for (let next = 1, tenths = oldest; next < ages.length; next++) {
      const from = ages[next - 1]!;
      const to = ages[next]!;
      const isKnown = from - to <= maxInterval;
      for (const end = tenthsOf(to); tenths >= end; tenths--) {
        this.#known[tenths] = Number(isKnown);
        const share = from === to ? 0 : (from - tenths / TENTHS) / (from - to);
        if (isKnown) this.#write(tenths, values, next, Math.round(256 * share));
      }
    }
  }

  /** First index of the row at an age within the series, s; -1: nothing is known there. */
  rowAt(age: number): number {
    const tenths = tenthsOf(age);
    return this.#known[tenths] === 1 ? tenths * this.#fields : -1;
  }

  /** @param share of the way from the sample before to `next`, of 256 */
  #write(tenths: number, values: Uint8Array, next: number, share: number): void {
    const fields = this.#fields;
    const row = tenths * fields;
    const after = next * fields;
    const nearer = share < 128 ? after - fields : after;
    for (let f = 0; f < fields; f++) {
      const earlier = values[after - fields + f]!;
      // The signed difference of both, and of that the share, rounded: the units are fine enough.
      const step = ((values[after + f]! - earlier) << 24) >> 24;
      this.nearest[row + f] = values[nearer + f]!;
      this.between[row + f] = earlier + ((step * share + 128) >> 8);
    }
  }

  #reserve(rows: number): void {
    this.#known.fill(0);
    if (rows <= this.#known.length) return;
    this.#known = new Uint8Array(rows);
    this.nearest = new Uint8Array(rows * this.#fields);
    this.between = new Uint8Array(rows * this.#fields);
  }
}

const tenthsOf = (seconds: number): number => Math.round(seconds * TENTHS);
