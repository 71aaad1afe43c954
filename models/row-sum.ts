/**
 * Weighted sums of three rows of bytes, written or added to `line`. Weights of one sum must not exceed 257 in total, to
 * fit into 16 bits.
 */

type Three = readonly [first: number, second: number, third: number];

/**
 * Four bytes at a time, two per word, lowest first. Rows are given by the index of their first word; a word becomes two
 * in `line`.
 */
export function sumWords(
  words: Int32Array,
  [a, b, c]: Three,
  [wa, wb, wc]: Three,
  line: Int32Array,
  count: number,
): void {
  for (let i = 0, to = 0; i < count; i++, to += 2) {
    const p = words[a + i]!;
    const q = words[b + i]!;
    const r = words[c + i]!;
    const even = (Math.imul(p & 0xff00ff, wa) + Math.imul(q & 0xff00ff, wb) + Math.imul(r & 0xff00ff, wc)) | 0;
    const odd =
      (Math.imul((p >>> 8) & 0xff00ff, wa) +
        Math.imul((q >>> 8) & 0xff00ff, wb) +
        Math.imul((r >>> 8) & 0xff00ff, wc)) |
      0;
    line[to] = (even & 0xffff) | (odd << 16);
    line[to + 1] = (even >>> 16) | (odd & 0xffff0000);
  }
}

export function addWords(
  words: Int32Array,
  [a, b, c]: Three,
  [wa, wb, wc]: Three,
  line: Int32Array,
  count: number,
): void {
  for (let i = 0, to = 0; i < count; i++, to += 2) {
    const p = words[a + i]!;
    const q = words[b + i]!;
    const r = words[c + i]!;
    const even = (Math.imul(p & 0xff00ff, wa) + Math.imul(q & 0xff00ff, wb) + Math.imul(r & 0xff00ff, wc)) | 0;
    const odd =
      (Math.imul((p >>> 8) & 0xff00ff, wa) +
        Math.imul((q >>> 8) & 0xff00ff, wb) +
        Math.imul((r >>> 8) & 0xff00ff, wc)) |
      0;
    line[to] = (line[to]! + ((even & 0xffff) | (odd << 16))) | 0;
    line[to + 1] = (line[to + 1]! + ((even >>> 16) | (odd & 0xffff0000))) | 0;
  }
}

/** One byte at a time, for rows that do not start at a word. */
export function sumBytes(
  bytes: Uint8Array,
  [a, b, c]: Three,
  [wa, wb, wc]: Three,
  line: Uint16Array,
  count: number,
  add: boolean,
): void {
  for (let i = 0; i < count; i++) {
    const sum = (Math.imul(bytes[a + i]!, wa) + Math.imul(bytes[b + i]!, wb) + Math.imul(bytes[c + i]!, wc)) | 0;
    line[i] = add ? line[i]! + sum : sum;
  }
}
