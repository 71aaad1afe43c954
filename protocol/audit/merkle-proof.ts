/**
 * Proofs over the Merkle tree of RFC 6962, section 2.1, checked as in RFC 9162, 2.1.3.2 (inclusion) and 2.1.4.2
 * (consistency): the tree is the same in both. Sizes and indices are whole numbers up to 2^53 - 1.
 */

/** SHA-256 of the bytes, 32 bytes: `node:crypto` in Node, `crypto.subtle` in browsers. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export const HASH_BYTES = 32;

const LEAF = 0x00;
const NODE = 0x01;

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** MTH({d}) = SHA-256(0x00 || d). */
export async function hashLeaf(data: Uint8Array, sha256: Sha256): Promise<Uint8Array> {
  const input = new Uint8Array(1 + data.length);
  input[0] = LEAF;
  input.set(data, 1);
  return sha256(input);
}

/** SHA-256(0x01 || left || right). */
async function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Promise<Uint8Array> {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = NODE;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
const areHashes = (hashes: readonly Uint8Array[]) => hashes.every((hash) => hash.length === HASH_BYTES);
const isOdd = (value: number) => value % 2 === 1;
const half = (value: number) => Math.floor(value / 2);

export interface InclusionProof {
  /** Index of the leaf, from 0. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  /** Hashes from the leaf's sibling to the root. */
  readonly proof: readonly Uint8Array[];
}

/** True if the leaf with this hash is at its index in the tree of that size and root. */
export async function verifyInclusion(
  claim: InclusionProof & { readonly leafHash: Uint8Array; readonly root: Uint8Array },
  sha256: Sha256,
): Promise<boolean> {
  const { index, size, proof, leafHash, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leafHash, root, ...proof])) return false;
  let [node, last] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = await hashNode(sibling, hash, sha256);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = await hashNode(hash, sibling, sha256);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

export interface ConsistencyProof {
  /** Leaves of the earlier tree, at least 1: every tree continues the empty one, which proves nothing. */
  readonly from: number;
  readonly to: number;
  readonly proof: readonly Uint8Array[];
}

/** True if the later tree begins with all leaves of the earlier one. */
export async function verifyConsistency(
  claim: ConsistencyProof & { readonly fromRoot: Uint8Array; readonly toRoot: Uint8Array },
  sha256: Sha256,
): Promise<boolean> {
  const { from, to, proof, fromRoot, toRoot } = claim;
  if (!isCount(from) || !isCount(to) || from < 1 || from > to || !areHashes(proof)) return false;
  if (from === to) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (proof.length === 0 || !areHashes([fromRoot, toRoot])) return false;
  let [node, last] = [from - 1, to - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // The proof omits the hash of an earlier tree that is a complete subtree of the later one.
  const path = node === 0 ? [fromRoot, ...proof] : proof;
  let earlier = path[0]!;
  let later = earlier;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      earlier = await hashNode(sibling, earlier, sha256);
      later = await hashNode(sibling, later, sha256);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      later = await hashNode(later, sibling, sha256);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(earlier, fromRoot) && sameBytes(later, toRoot);
}
