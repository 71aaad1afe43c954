import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { verifyConsistency, verifyInclusion } from '../../../protocol/audit/merkle-proof.ts';
import { EMPTY_ROOT, leafHash, nodeHash, sha256 } from './hashes.ts';
import { consistencyProof, inclusionProof, rootAt } from './proofs.ts';
import { appendLeaves, edgeTiles, type ReadTiles, type Tile, tileKey } from './tiles.ts';

const MAX_LEAVES = 5000;

/** In-memory tile store. */
class Store {
  readonly tiles = new Map<string, Tile>();
  size = 0;
  reads = 0;

  readonly read: ReadTiles = async (ids) => {
    this.reads += 1;
    return ids.flatMap((id) => this.tiles.get(tileKey(id)) ?? []).toReversed();
  };

  append(leaves: readonly Uint8Array[]): void {
    const edge = edgeTiles(this.size).map((id) => this.tiles.get(tileKey(id))!);
    for (const tile of appendLeaves(this.size, edge, Buffer.concat(leaves))) this.tiles.set(tileKey(tile), tile);
    this.size += leaves.length;
  }
}

/** MTH(D[n]) by its definition in RFC 6962, memoised. */
const memo = new Map<string, Uint8Array>();
function naive(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to === from) return EMPTY_ROOT;
  if (to - from === 1) return leaves[from]!;
  const key = `${from}-${to}`;
  const known = memo.get(key);
  if (known) return known;
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  const hash = nodeHash(naive(leaves, from, from + split), naive(leaves, from + split, to));
  memo.set(key, hash);
  return hash;
}

const LEAVES = Array.from({ length: MAX_LEAVES }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
const store = new Store();

beforeAll(() => {
  // In uneven batches across tile boundaries.
  for (let n = 1; store.size < MAX_LEAVES; n = (n * 7 + 3) % 601)
    store.append(LEAVES.slice(store.size, store.size + n));
});

const sizes = fc.integer({ min: 1, max: MAX_LEAVES });
const pairs = fc.tuple(sizes, sizes).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

/** Flips one bit. */
const flip = (hash: Uint8Array, bit: number): Uint8Array =>
  hash.map((byte, i) => (i === (bit >> 3) % hash.length ? byte ^ (1 << (bit & 7)) : byte));

/** Every single change of a list of hashes: a bit, the order, one more, one fewer. */
function alterations(proof: readonly Uint8Array[], bit: number): Uint8Array[][] {
  const at = bit % Math.max(1, proof.length);
  const altered = [
    [...proof, proof.at(-1) ?? LEAVES[0]!],
    [sha256(Buffer.of(bit & 255)), ...proof],
  ];
  if (proof.length > 0)
    altered.push(
      proof.slice(1),
      proof.slice(0, -1),
      proof.with(at, flip(proof[at]!, bit)),
      proof.with(at, proof[at]!.subarray(1)),
    );
  if (proof.length > 1)
    altered.push(proof.with(at, proof[(at + 1) % proof.length]!).with((at + 1) % proof.length, proof[at]!));
  return altered;
}

test('roots computed from tiles match the recursive definition at any size', async () => {
  expect(await rootAt(0, store.read)).toEqual(EMPTY_ROOT);
  for (const size of [1, 2, 3, 255, 256, 257, 511, 512, 513, 4095, 4096, 4097, 5000])
    expect(await rootAt(size, store.read)).toEqual(naive(LEAVES, 0, size));
  await fc.assert(
    fc.asyncProperty(sizes, async (size) => {
      expect(await rootAt(size, store.read)).toEqual(naive(LEAVES, 0, size));
    }),
  );
});

test('an inclusion proof verifies, and no altered one does', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, bit) => {
      const index = at % size;
      const proof = await inclusionProof(index, size, store.read);
      const claim = { index, size, leafHash: LEAVES[index]!, proof, root: naive(LEAVES, 0, size) };
      expect(await verifyInclusion(claim, sha256)).toBe(true);
      const altered = [
        ...alterations(proof, bit).map((hashes) => ({ ...claim, proof: hashes })),
        { ...claim, leafHash: flip(claim.leafHash, bit) },
        { ...claim, leafHash: LEAVES[(index + 1) % MAX_LEAVES]! },
        { ...claim, root: flip(claim.root, bit) },
        { ...claim, root: naive(LEAVES, 0, size === MAX_LEAVES ? size - 1 : size + 1) },
        // Another index in the same tree.
        ...(size > 1
          ? [
              { ...claim, index: (index + 1) % size },
              { ...claim, index: (index + 1 + (bit % (size - 1))) % size },
            ]
          : []),
        { ...claim, index: index + size },
      ];
      for (const wrong of altered) expect(await verifyInclusion(wrong, sha256)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('an inclusion proof is valid for one tree size only', async () => {
  await fc.assert(
    fc.asyncProperty(pairs, fc.nat(), async ([size, other], at) => {
      if (size === other) return;
      const index = at % size;
      const claim = { index, leafHash: LEAVES[index]!, proof: await inclusionProof(index, size, store.read) };
      expect(await verifyInclusion({ ...claim, size, root: naive(LEAVES, 0, other) }, sha256)).toBe(false);
      expect(await verifyInclusion({ ...claim, size: other, root: naive(LEAVES, 0, other) }, sha256)).toBe(false);
    }),
  );
});

test('a consistency proof verifies, and no altered one does', async () => {
  await fc.assert(
    fc.asyncProperty(pairs, fc.nat(), async ([from, to], bit) => {
      const proof = await consistencyProof(from, to, store.read);
      const claim = { from, to, proof, fromRoot: naive(LEAVES, 0, from), toRoot: naive(LEAVES, 0, to) };
      expect(await verifyConsistency(claim, sha256)).toBe(true);
      const altered = [
        ...alterations(proof, bit).map((hashes) => ({ ...claim, proof: hashes })),
        { ...claim, fromRoot: flip(claim.fromRoot, bit) },
        { ...claim, toRoot: flip(claim.toRoot, bit) },
        ...(from === to
          ? [{ ...claim, from: to + 1 }]
          : [
              { ...claim, from: to, to: from },
              { ...claim, fromRoot: claim.toRoot, toRoot: claim.fromRoot },
              { ...claim, to: from },
              { ...claim, from: to },
            ]),
        { ...claim, from: 0 },
      ];
      for (const wrong of altered) expect(await verifyConsistency(wrong, sha256)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('a consistency proof is valid for its two sizes only', async () => {
  await fc.assert(
    fc.asyncProperty(pairs, sizes, async ([from, to], other) => {
      if (from === to || other === from || other === to) return;
      const claim = {
        from,
        to,
        proof: await consistencyProof(from, to, store.read),
        fromRoot: naive(LEAVES, 0, from),
        toRoot: naive(LEAVES, 0, to),
      };
      const wrong =
        other < from
          ? { ...claim, from: other, fromRoot: naive(LEAVES, 0, other) }
          : { ...claim, to: other, toRoot: naive(LEAVES, 0, other) };
      expect(await verifyConsistency(wrong, sha256)).toBe(false);
    }),
  );
});

test('all proofs of small trees verify', async () => {
  for (let size = 1; size <= 40; size++) {
    const root = naive(LEAVES, 0, size);
    for (let index = 0; index < size; index++) {
      const proof = await inclusionProof(index, size, store.read);
      expect(await verifyInclusion({ index, size, leafHash: LEAVES[index]!, proof, root }, sha256)).toBe(true);
    }
    for (let from = 1; from <= size; from++) {
      const proof = await consistencyProof(from, size, store.read);
      expect(
        await verifyConsistency({ from, to: size, proof, fromRoot: naive(LEAVES, 0, from), toRoot: root }, sha256),
      ).toBe(true);
    }
  }
});

test('a proof reads few tiles, in one call', async () => {
  const asked: number[] = [];
  const read: ReadTiles = async (ids) => {
    asked.push(ids.length);
    return store.read(ids);
  };
  await inclusionProof(1234, 5000, read);
  await consistencyProof(1234, 5000, read);
  expect(asked).toEqual([3, 3]);
});

test('an index outside of the tree and missing tiles are refused', async () => {
  await expect(inclusionProof(5, 5, store.read)).rejects.toThrow(RangeError);
  await expect(inclusionProof(-1, 5, store.read)).rejects.toThrow(RangeError);
  await expect(consistencyProof(0, 5, store.read)).rejects.toThrow(RangeError);
  await expect(consistencyProof(6, 5, store.read)).rejects.toThrow(RangeError);
  await expect(rootAt(MAX_LEAVES + 1, store.read)).rejects.toThrow('tile 0/19 does not hold hashes 136 to 136');
  await expect(rootAt(300, async () => [])).rejects.toThrow('tile 1/0 does not hold hashes 0 to 0');
});
