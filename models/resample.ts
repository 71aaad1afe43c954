import { boxAverage, boxFactor } from './box-average.ts';
import { sumColumns } from './column-sum.ts';
import { FiveToTwoLines, shrinkFiveToTwo } from './five-to-two.ts';
import type { Rectangle, RgbImage } from './image.ts';
import { addWords, sumBytes, sumWords } from './row-sum.ts';
import { Taps } from './taps.ts';

/** Row sums are 16-bit: the maximum weight is 257, times 255. */
const ROW_TOTAL = 257;
/** Maximum factor of a 16-bit sum that fits into 31 bits. */
const COLUMN_TOTAL = 1 << 14;

/**
 * Separable resampling of a rectangle of an RGB image, with reused buffers that grow to the largest job. Area-averaged
 * when downscaling, as the networks were trained: plain bilinear sampling skips pixels and aliases. In integers, rows
 * first, four bytes at a time: within one level of the definition (see the tests).
 */
export class Resampler {
  readonly #x = new Taps();
  readonly #y = new Taps();
  #line = new Uint16Array(0);
  #pairs = new Int32Array(0);
  #lines = new FiveToTwoLines(0);

  /**
   * Fills `outWidth` x `outHeight` pixels at the top left of `out` from the rectangle of the source (pixels, fractions
   * allowed, may extend beyond the image: edges are repeated).
   * @param outStride bytes from one row of `out` to the next
   */
  run(
    source: RgbImage,
    rectangle: Rectangle,
    out: Uint8Array,
    outWidth: number,
    outHeight: number,
    outStride: number = outWidth * 3,
  ): void {
    const factor = boxFactor(source, rectangle, outWidth, outHeight);
    if (factor !== undefined) {
      boxAverage(source, rectangle, factor, out, outWidth, outHeight, outStride);
      return;
    }
    const words = wordsOf(source);
    if (words && isFiveToTwo(source, rectangle, outWidth, outHeight)) {
      const row = (source.width * 3) >> 2;
      if (this.#lines.upper.length !== row * 2) this.#lines = new FiveToTwoLines(row);
      shrinkFiveToTwo(words, row, this.#lines, out, outWidth, outHeight, outStride);
      return;
    }
    this.#weigh(source, words, rectangle, out, outWidth, outHeight, outStride);
  }

  #weigh(
    source: RgbImage,
    words: Int32Array | undefined,
    [left, top, width, height]: Rectangle,
    out: Uint8Array,
    outWidth: number,
    outHeight: number,
    outStride: number,
  ): void {
    this.#x.fill(left, width / outWidth, outWidth, source.width, COLUMN_TOTAL);
    this.#y.fill(top, height / outHeight, outHeight, source.height, ROW_TOTAL);
    const from = (this.#x.from * 3) & ~3;
    const bytes = Math.min((this.#x.to * 3 + 3) & ~3, source.width * 3) - from;
    this.#reserve(bytes);
    for (let y = 0; y < outHeight; y++) {
      this.#sumRows(source, words, y, from, bytes);
      sumColumns(this.#line, from, this.#x, out, y * outStride, outWidth, this.#y.inverse[y]!);
    }
  }

  /** Triples of columns may begin at the last one. */
  #reserve(bytes: number): void {
    if (this.#line.length >= bytes + 12) return;
    this.#pairs = new Int32Array((bytes + 16) >> 1);
    this.#line = new Uint16Array(this.#pairs.buffer);
  }

  #sumRows(
    { data, width, height }: RgbImage,
    words: Int32Array | undefined,
    y: number,
    from: number,
    bytes: number,
  ): void {
    const { first, triples, weights, stride } = this.#y;
    const n = triples[y]!;
    for (let t = 0; t < n; t++) {
      const slot = y * stride + t * 3;
      const three = [weights[slot]!, weights[slot + 1]!, weights[slot + 2]!] as const;
      const row = first[y]! + t * 3;
      const starts = [
        startOf(row),
        startOf(Math.min(row + 1, height - 1)),
        startOf(Math.min(row + 2, height - 1)),
      ] as const;
      if (!words) sumBytes(data, starts, three, this.#line, bytes, t > 0);
      else if (t === 0) sumWords(words, starts, three, this.#pairs, bytes >> 2);
      else addWords(words, starts, three, this.#pairs, bytes >> 2);
    }

    function startOf(row: number): number {
      const byte = row * width * 3 + from;
      return words ? byte >> 2 : byte;
    }
  }
}

/** Rows as words, if every row starts at one. Little-endian, as are all supported machines. */
function wordsOf({ data, width, height }: RgbImage): Int32Array | undefined {
  if (width % 4 !== 0 || data.byteOffset % 4 !== 0) return undefined;
  return new Int32Array(data.buffer, data.byteOffset, (width * height * 3) >> 2);
}

function isFiveToTwo(
  source: RgbImage,
  [left, top, width, height]: Rectangle,
  outWidth: number,
  outHeight: number,
): boolean {
  return (
    left === 0 &&
    top === 0 &&
    width === source.width &&
    height <= source.height &&
    outWidth % 2 === 0 &&
    outHeight % 2 === 0 &&
    width * 2 === outWidth * 5 &&
    height * 2 === outHeight * 5
  );
}
