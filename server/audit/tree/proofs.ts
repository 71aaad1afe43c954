import { hashRanges, type LeafRange, splitOf } from './subtrees.ts';
import type { ReadTiles } from './tiles.ts';

/** Root of the first `size` leaves; the empty root for 0. */
export async function rootAt(size: number, read: ReadTiles): Promise<Uint8Array> {
  const [root] = await hashRanges([{ from: 0, to: size }], read);
  return root!;
}

/**
 * PATH(m, D[n]) of RFC 6962, section 2.1.1, for `verifyInclusion`.
 * @param index 0 <= index < size
 * @throws RangeError otherwise
 */
export async function inclusionProof(index: number, size: number, read: ReadTiles): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const left = index < middle;
    ranges.unshift(left ? { from: middle, to } : { from, to: middle });
    [from, to] = left ? [from, middle] : [middle, to];
  }
  return hashRanges(ranges, read);
}

/**
 * PROOF(m, D[n]) of RFC 6962, section 2.1.2, for `verifyConsistency`.
 * @param from 1 <= from <= to
 * @throws RangeError otherwise
 */
export async function consistencyProof(from: number, to: number, read: ReadTiles): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to)
    throw new RangeError(`no proof from ${from} leaves to ${to}`);
  const ranges: LeafRange[] = [];
  let [start, end] = [0, to];
  // SUBPROOF(m, D[n], b): b is true while the earlier tree is cut off on the left only.
  while (end !== from) {
    const middle = start + splitOf(end - start);
    const left = from <= middle;
    ranges.unshift(left ? { from: middle, to: end } : { from: start, to: middle });
    [start, end] = left ? [start, middle] : [middle, end];
  }
  if (start > 0) ranges.unshift({ from: start, to: end });
  return hashRanges(ranges, read);
}
