import type { Taps } from './taps.ts';

/**
 * Writes one row of RGB output from a line of 16-bit sums.
 * @param from byte of the source row at which the line starts
 * @param scale inverse of the sum of the row weights
 */
export function sumColumns(
  line: Uint16Array,
  from: number,
  taps: Taps,
  out: Uint8Array,
  base: number,
  outWidth: number,
  scale: number,
): void {
  if (taps.stride === 3) sumThree(line, from, taps, out, base, outWidth, scale);
  else sumMany(line, from, taps, out, base, outWidth, scale);
}

function sumThree(
  line: Uint16Array,
  from: number,
  { first, weights, inverse }: Taps,
  out: Uint8Array,
  base: number,
  outWidth: number,
  scale: number,
): void {
  for (let x = 0, to = base, slot = 0; x < outWidth; x++, to += 3, slot += 3) {
    const at = first[x]! * 3 - from;
    const wa = weights[slot]!;
    const wb = weights[slot + 1]!;
    const wc = weights[slot + 2]!;
    const r = (Math.imul(line[at]!, wa) + Math.imul(line[at + 3]!, wb) + Math.imul(line[at + 6]!, wc)) | 0;
    const g = (Math.imul(line[at + 1]!, wa) + Math.imul(line[at + 4]!, wb) + Math.imul(line[at + 7]!, wc)) | 0;
    const b = (Math.imul(line[at + 2]!, wa) + Math.imul(line[at + 5]!, wb) + Math.imul(line[at + 8]!, wc)) | 0;
    const factor = inverse[x]! * scale;
    out[to] = r * factor + 0.5;
    out[to + 1] = g * factor + 0.5;
    out[to + 2] = b * factor + 0.5;
  }
}

function sumMany(
  line: Uint16Array,
  from: number,
  { first, triples, weights, inverse, stride }: Taps,
  out: Uint8Array,
  base: number,
  outWidth: number,
  scale: number,
): void {
  for (let x = 0, to = base; x < outWidth; x++, to += 3) {
    let at = first[x]! * 3 - from;
    let slot = x * stride;
    let r = 0;
    let g = 0;
    let b = 0;
    for (let left = triples[x]!; left > 0; left--, slot += 3, at += 9) {
      const wa = weights[slot]!;
      const wb = weights[slot + 1]!;
      const wc = weights[slot + 2]!;
      r = (r + Math.imul(line[at]!, wa) + Math.imul(line[at + 3]!, wb) + Math.imul(line[at + 6]!, wc)) | 0;
      g = (g + Math.imul(line[at + 1]!, wa) + Math.imul(line[at + 4]!, wb) + Math.imul(line[at + 7]!, wc)) | 0;
      b = (b + Math.imul(line[at + 2]!, wa) + Math.imul(line[at + 5]!, wb) + Math.imul(line[at + 8]!, wc)) | 0;
    }
    const factor = inverse[x]! * scale;
    out[to] = r * factor + 0.5;
    out[to + 1] = g * factor + 0.5;
    out[to + 2] = b * factor + 0.5;
  }
}
