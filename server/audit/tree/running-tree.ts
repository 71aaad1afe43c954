import { hash as oneShot } from 'node:crypto';
import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';
import { EMPTY_ROOT, nodeHash } from './hashes.ts';

/**
 * Right edge of a growing Merkle tree (RFC 6962): one hash per level, for any number of leaves. Hashes are strings of
 * 32 characters, one per byte: allocating a Buffer for each costs more than hashing.
 */
export class RunningTree {
  size = 0;
  /** A level: 0x01, left hash, right hash: input of the node above. */
  readonly #levels: Uint8Array[] = [];

  /** @param at offset of the leaf hash in `bytes` */
  push(bytes: Uint8Array, at = 0): void {
    const leaves = this.#level(0);
    const right = this.size % 2;
    for (let i = 0, into = 1 + right * HASH_BYTES; i < HASH_BYTES; i++) leaves[into + i] = bytes[at + i]!;
    let complete = this.size;
    for (let level = 0; complete % 2 === 1; level++) {
      const hash = oneShot('sha256', this.#levels[level]!, 'binary');
      complete = (complete - 1) / 2;
      const above = this.#level(level + 1);
      for (let i = 0, into = 1 + (complete % 2) * HASH_BYTES; i < HASH_BYTES; i++) above[into + i] = hash.charCodeAt(i);
    }
    this.size += 1;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (let [level, complete] = [0, this.size]; complete > 0; level++, complete = Math.floor(complete / 2)) {
      if (complete % 2 === 0) continue;
      const left = this.#levels[level]!.subarray(1, 1 + HASH_BYTES);
      root = root ? nodeHash(left, root) : Buffer.from(left);
    }
    return root ?? EMPTY_ROOT;
  }

  #level(level: number): Uint8Array {
    return (this.#levels[level] ??= new Uint8Array(1 + 2 * HASH_BYTES).fill(0x01));
  }
}
