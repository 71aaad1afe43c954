import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedFolder } from '../../test/support/requirements.ts';
import { hashLeaf, verifyConsistency, verifyInclusion } from './merkle-proof.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const inHex = (text: string): Uint8Array => Buffer.from(text, 'hex');

/** The tree of RFC 6962, 2.1.3: seven leaves d0 to d6, and its inner nodes by the names of the RFC. */
const [a, b, c, d, e, f, j] = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((data) =>
  sha256(inHex(`00${data}`)),
) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const node = (left: Uint8Array, right: Uint8Array) => sha256(Buffer.concat([Uint8Array.of(1), left, right]));
const [g, h, i] = [node(a, b), node(c, d), node(e, f)];
const [k, l] = [node(g, h), node(i, j)];
const hash = node(k, l);
/** Roots of the trees with the first 3, 4 and 6 of the leaves: hash0, hash1 and hash2 of the RFC. */
const [hash0, hash1, hash2] = [node(g, c), k, node(k, i)];

test('Merkle roots match those published by Certificate Transparency', () => {
  expect(Buffer.from(a).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(Buffer.from(hash0).toString('hex')).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
  expect(Buffer.from(hash1).toString('hex')).toBe('d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7');
  expect(Buffer.from(hash2).toString('hex')).toBe('76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef');
  expect(Buffer.from(hash).toString('hex')).toBe('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
});

test('leaves and nodes are hashed with different prefixes', async () => {
  expect(await hashLeaf(inHex('2021'), sha256)).toEqual(d);
});

test.each([
  ['d0', 0, a, [b, h, l]],
  ['d3', 3, d, [c, g, l]],
  ['d4', 4, e, [f, j, k]],
  ['d6', 6, j, [i, k]],
])('the audit path of %s that RFC 6962 gives is its proof', async (_name, index, leafHash, proof) => {
  expect(await verifyInclusion({ index, size: 7, leafHash, proof, root: hash }, sha256)).toBe(true);
  expect(await verifyInclusion({ index, size: 7, leafHash, proof: proof.toReversed(), root: hash }, sha256)).toBe(
    false,
  );
});

test.each([
  [3, hash0, [c, d, g, l]],
  [4, hash1, [l]],
  [6, hash2, [i, j, k]],
])('the consistency proof from %i leaves to 7 that RFC 6962 gives is one', async (from, fromRoot, proof) => {
  expect(await verifyConsistency({ from, to: 7, proof, fromRoot, toRoot: hash }, sha256)).toBe(true);
  expect(await verifyConsistency({ from, to: 7, proof: proof.slice(1), fromRoot, toRoot: hash }, sha256)).toBe(false);
});

test('a Merkle proof with a hash of half length is invalid', async () => {
  const claim = { index: 0, size: 2, leafHash: a, root: g };
  expect(await verifyInclusion({ ...claim, proof: [b] }, sha256)).toBe(true);
  // The same bytes go into the hash function.
  expect(
    await verifyInclusion(
      { ...claim, leafHash: Buffer.concat([a, b.subarray(0, 16)]), proof: [b.subarray(16)] },
      sha256,
    ),
  ).toBe(false);
});

test.each([
  [0.5, 2],
  [-1, 2],
  [0, Number.NaN],
  [2, 2],
  [0, 0],
  [0, 2 ** 53],
])('index %d of %d leaves is no place in a tree', async (index, size) => {
  expect(await verifyInclusion({ index, size, leafHash: a, proof: [b], root: g }, sha256)).toBe(false);
});

interface InclusionVector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

interface ConsistencyVector {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

function vectors<T>(kind: string): T[] {
  const folder = join(sharedFolder!, 'vectors/merkle/testdata', kind);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  // Sizes and indices of 64 bits: those beyond 2^53 are rounded, and still wrong.
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T);
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
const beside = sharedFolder === undefined ? ' (skipped: none beside the project)' : '';

test.skipIf(sharedFolder === undefined)(`the 98 inclusion vectors of transparency-dev/merkle${beside}`, async () => {
  const all = vectors<InclusionVector>('inclusion');
  for (const { leafIdx, treeSize, root, leafHash, proof, desc, wantErr } of all) {
    const valid = await verifyInclusion(
      { index: leafIdx, size: treeSize, leafHash: bytes(leafHash), proof: (proof ?? []).map(bytes), root: bytes(root) },
      sha256,
    );
    expect({ desc, valid }).toEqual({ desc, valid: !wantErr });
  }
  expect(all).toHaveLength(98);
});

test.skipIf(sharedFolder === undefined)(`the 98 consistency vectors of transparency-dev/merkle${beside}`, async () => {
  const all = vectors<ConsistencyVector>('consistency');
  for (const { size1, size2, root1, root2, proof, desc, wantErr } of all) {
    const valid = await verifyConsistency(
      { from: size1, to: size2, proof: (proof ?? []).map(bytes), fromRoot: bytes(root1), toRoot: bytes(root2) },
      sha256,
    );
    expect({ desc, valid }).toEqual({ desc, valid: !wantErr });
  }
  expect(all).toHaveLength(98);
});
