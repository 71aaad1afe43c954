/**
 * Area average of a whole image downscaled by 5:2, from 640 pixels to 256. Of five pixels the first output covers two
 * and a half, the second the rest: weights 2, 2, 1 and 1, 2, 2 along each axis, exact in integers.
 * @param words the rows, each starting at a word, lowest byte first
 * @param row words per row
 * @param lines buffers for such rows
 */
export function shrinkFiveToTwo(
  words: Int32Array,
  row: number,
  lines: FiveToTwoLines,
  out: Uint8Array,
  outWidth: number,
  outHeight: number,
  outStride: number,
): void {
  for (let y = 0, at = 0; y < outHeight; y += 2, at += 5 * row) {
    sumFiveRows(words, at, row, lines.upper, lines.lower);
    sumFiveColumns(lines.upperSums, out, y * outStride, outWidth);
    sumFiveColumns(lines.lowerSums, out, (y + 1) * outStride, outWidth);
  }
}

/** Sums of rows, 16 bits each, viewed in pairs and singly. */
export class FiveToTwoLines {
  readonly upper: Int32Array;
  readonly lower: Int32Array;
  readonly upperSums: Uint16Array;
  readonly lowerSums: Uint16Array;

  constructor(row: number) {
    this.upper = new Int32Array(row * 2);
    this.lower = new Int32Array(row * 2);
    this.upperSums = new Uint16Array(this.upper.buffer);
    this.lowerSums = new Uint16Array(this.lower.buffer);
  }
}

function sumFiveRows(words: Int32Array, at: number, row: number, upper: Int32Array, lower: Int32Array): void {
  const second = at + row;
  const third = second + row;
  const fourth = third + row;
  const fifth = fourth + row;
  for (let i = 0, to = 0; i < row; i++, to += 2) {
    const a = words[at + i]!;
    const b = words[second + i]!;
    const c = words[third + i]!;
    const d = words[fourth + i]!;
    const e = words[fifth + i]!;
    const cEven = c & 0xff00ff;
    const cOdd = (c >>> 8) & 0xff00ff;
    const upEven = (((a & 0xff00ff) + (b & 0xff00ff)) << 1) + cEven;
    const upOdd = ((((a >>> 8) & 0xff00ff) + ((b >>> 8) & 0xff00ff)) << 1) + cOdd;
    const downEven = (((d & 0xff00ff) + (e & 0xff00ff)) << 1) + cEven;
    const downOdd = ((((d >>> 8) & 0xff00ff) + ((e >>> 8) & 0xff00ff)) << 1) + cOdd;
    upper[to] = (upEven & 0xffff) | (upOdd << 16);
    upper[to + 1] = (upEven >>> 16) | (upOdd & 0xffff0000);
    lower[to] = (downEven & 0xffff) | (downOdd << 16);
    lower[to + 1] = (downEven >>> 16) | (downOdd & 0xffff0000);
  }
}

function sumFiveColumns(sums: Uint16Array, out: Uint8Array, base: number, outWidth: number): void {
  for (let x = 0, at = 0, to = base; x < outWidth; x += 2, at += 15, to += 6) {
    const r = sums[at + 6]!;
    const g = sums[at + 7]!;
    const b = sums[at + 8]!;
    out[to] = twentyFifth(((sums[at]! + sums[at + 3]!) << 1) + r);
    out[to + 1] = twentyFifth(((sums[at + 1]! + sums[at + 4]!) << 1) + g);
    out[to + 2] = twentyFifth(((sums[at + 2]! + sums[at + 5]!) << 1) + b);
    out[to + 3] = twentyFifth(((sums[at + 9]! + sums[at + 12]!) << 1) + r);
    out[to + 4] = twentyFifth(((sums[at + 10]! + sums[at + 13]!) << 1) + g);
    out[to + 5] = twentyFifth(((sums[at + 11]! + sums[at + 14]!) << 1) + b);
  }
}

/**
 * `sum` / 25, rounded, for sums up to 25 * 255: 41944 / 2 ** 20 is close enough to 1/25 for every quotient to be exact.
 */
function twentyFifth(sum: number): number {
  return Math.imul(sum + 12, 41944) >>> 20;
}
