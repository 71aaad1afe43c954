import { MAX_SCANS } from '../../../models/jpeg-limits.ts';
import { MAX_SIDE, MIN_SIDE } from '../../../protocol/frame.ts';

/** SOF2: the coefficients come in several scans. SOF0 and SOF1 are sequential. */
const PROGRESSIVE = 0xc2;
/** One colour, or three; files of four (CMYK) come from print, and no camera. */
const MAX_COMPONENTS = 3;
const MAX_SAMPLING = 4;
/** Blocks of an interleaved MCU (ITU-T T.81, B.2.3). */
const MAX_MCU_BLOCKS = 10;
const COEFFICIENTS = 64;
/** Largest point transform (T.81, table B.3). */
const MAX_SHIFT = 13;
const NOT_CODED = -1;

const ceilDiv = (a: number, b: number) => Math.ceil(a / b);

/**
 * The frame header of one JPEG and what its scans have coded so far (ITU-T T.81, B.2.2, B.2.3, G.1.1.1). Problems come
 * back as text, undefined is none. One object serves every file, one after the other: nothing is allocated for a frame.
 */
export class JpegScans {
  width = 0;
  height = 0;
  #progressive = false;
  /** 0: there was no frame header yet. */
  #components = 0;
  readonly #ids = new Uint8Array(MAX_COMPONENTS);
  readonly #h = new Uint8Array(MAX_COMPONENTS);
  readonly #v = new Uint8Array(MAX_COMPONENTS);
  #hMax = 1;
  #vMax = 1;
  #scans = 0;
  /** The lowest bit that is coded so far, for each coefficient of each component. */
  readonly #shift = new Int8Array(MAX_COMPONENTS * COEFFICIENTS);
  /** Of the scan that was begun last. */
  #mcus = 0;
  #minBits = 0;

  get hasFrame(): boolean {
    return this.#components > 0;
  }

  reset(): void {
    this.#components = 0;
    this.#scans = 0;
    this.#shift.fill(NOT_CODED);
  }

  /** A frame header segment: `p` is its length field, `end` is behind it. */
  beginFrame(marker: number, bytes: Uint8Array, p: number, end: number): string | undefined {
    if (this.#components > 0) return 'more than one frame header';
    if (end - p < 8) return 'the frame header is too short';
    if (bytes[p + 2] !== 8) return 'only 8 bits a sample are accepted';
    this.height = (bytes[p + 3]! << 8) | bytes[p + 4]!;
    this.width = (bytes[p + 5]! << 8) | bytes[p + 6]!;
    if (Math.min(this.width, this.height) < MIN_SIDE || Math.max(this.width, this.height) > MAX_SIDE) {
      return `${this.width}x${this.height} is not within ${MIN_SIDE}..${MAX_SIDE} pixels a side`;
    }
    const components = bytes[p + 7]!;
    if (components !== 1 && components !== 3) return `${components} colour components are not accepted`;
    if (end - p !== 8 + 3 * components) return 'the frame header has a wrong length';
    this.#hMax = 1;
    this.#vMax = 1;
    for (let c = 0; c < components; c++) {
      const at = p + 8 + 3 * c;
      const h = bytes[at + 1]! >> 4;
      const v = bytes[at + 1]! & 15;
      if (h < 1 || h > MAX_SAMPLING || v < 1 || v > MAX_SAMPLING) return `a sampling of ${h}x${v} is not accepted`;
      if (bytes[at + 2]! > 3) return 'the frame header names a table that cannot be';
      for (let other = 0; other < c; other++)
        if (this.#ids[other] === bytes[at]) return 'two colour components have one name';
      this.#ids[c] = bytes[at]!;
      this.#h[c] = h;
      this.#v[c] = v;
      this.#hMax = Math.max(this.#hMax, h);
      this.#vMax = Math.max(this.#vMax, v);
    }
    this.#progressive = marker === PROGRESSIVE;
    this.#components = components;
    return undefined;
  }

  /** A scan header segment: `p` is its length field, `end` is behind it. */
  beginScan(bytes: Uint8Array, p: number, end: number): string | undefined {
    if (this.#components === 0) return 'a scan before the frame header';
    if (++this.#scans > MAX_SCANS) return `more than ${MAX_SCANS} scans`;
    const count = bytes[p + 2]!;
    if (count < 1 || count > this.#components || end - p !== 6 + 2 * count) return 'the scan header has a wrong length';
    const first = bytes[end - 3]!;
    const last = bytes[end - 2]!;
    const from = bytes[end - 1]! >> 4;
    const to = bytes[end - 1]! & 15;
    if (!this.#isBand(count, first, last, from, to)) return 'a scan of coefficients that cannot be';
    let blocks = 0;
    let before = -1;
    for (let i = 0; i < count; i++) {
      const c = this.#find(bytes[p + 3 + 2 * i]!);
      // In the order of the frame header, each once (B.2.3).
      if (c <= before) return 'a scan of colour components that cannot be';
      before = c;
      const tables = bytes[p + 4 + 2 * i]!;
      if (tables >> 4 > 3 || (tables & 15) > 3) return 'a scan names a table that cannot be';
      if (!this.#code(c, first, last, from, to)) return 'scans out of order';
      blocks += this.#h[c]! * this.#v[c]!;
    }
    if (count > 1 && blocks > MAX_MCU_BLOCKS) return `more than ${MAX_MCU_BLOCKS} blocks a unit`;
    const isAlone = count === 1;
    this.#mcus = this.#units(isAlone ? before : undefined);
    // The first coefficient of a block takes a bit at least, and one more ends the others where they have no scans of
    // their own.
    const bits = this.#progressive ? (first === 0 ? 1 : 0) : 2;
    this.#minBits = this.#mcus * (isAlone ? 1 : blocks) * bits;
    return undefined;
  }

  /** Whether so many coded bytes can hold the scan that was begun last. */
  canHold(bytes: number): boolean {
    return bytes > 0 && bytes * 8 >= this.#minBits;
  }

  /** Restart intervals of the scan that was begun last; `mcus` a restart, 0 without. */
  intervals(mcus: number): number {
    return mcus === 0 ? 1 : ceilDiv(this.#mcus, mcus);
  }

  /** Whether every component has its blocks' first coefficients: there is a picture. */
  isComplete(): boolean {
    if (this.#components === 0) return false;
    for (let c = 0; c < this.#components; c++) if (this.#shift[c * COEFFICIENTS] === NOT_CODED) return false;
    return true;
  }

  #isBand(count: number, first: number, last: number, from: number, to: number): boolean {
    if (!this.#progressive) return first === 0 && last === COEFFICIENTS - 1 && from === 0 && to === 0;
    if (last >= COEFFICIENTS || last < first || to > MAX_SHIFT) return false;
    if (from !== 0 && to !== from - 1) return false;
    return first === 0 ? last === 0 : count === 1;
  }

  #find(id: number): number {
    for (let c = 0; c < this.#components; c++) if (this.#ids[c] === id) return c;
    return -1;
  }

  /** Each bit of each coefficient is coded once, from the highest on, and the first coefficient before the others. */
  #code(component: number, first: number, last: number, from: number, to: number): boolean {
    const base = component * COEFFICIENTS;
    if (first > 0 && this.#shift[base] === NOT_CODED) return false;
    const expected = from === 0 ? NOT_CODED : from;
    for (let k = base + first; k <= base + last; k++) {
      if (this.#shift[k] !== expected) return false;
      this.#shift[k] = to;
    }
    return true;
  }

  /** Units of a scan: the blocks of one component alone, or what is interleaved (T.81, A.2). */
  #units(component: number | undefined): number {
    const h = component === undefined ? 1 : this.#h[component]!;
    const v = component === undefined ? 1 : this.#v[component]!;
    return ceilDiv(this.width * h, 8 * this.#hMax) * ceilDiv(this.height * v, 8 * this.#vMax);
  }
}
