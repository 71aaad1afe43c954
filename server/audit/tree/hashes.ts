import { createHash, hash } from 'node:crypto';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';

/** Merkle tree hashes of RFC 6962, section 2.1. For loops over millions of leaves see `RunningTree`. */

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

const LEAF = Buffer.of(0x00);
/** 0x01 || left || right, reused by each call: nothing is awaited in between. */
const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01);

/** MTH({}) = SHA-256(). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** SHA-256(0x00 || data). */
export const leafHash = (data: Uint8Array): Buffer => createHash('sha256').update(LEAF).update(data).digest();

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** Root of a complete tree over concatenated hashes. @param hashes a power of two, 32 bytes each */
export function completeRoot(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_BYTES) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(completeRoot(hashes.subarray(0, middle)), completeRoot(hashes.subarray(middle)));
}
