import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';

/** Compares 32 bytes with a hash given as 32 characters, one per byte: `hash(.., 'binary')`. */
export function isHashAt(bytes: Uint8Array, at: number, hash: string): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== hash.charCodeAt(i)) return false;
  return true;
}

export function isZeroAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== 0) return false;
  return true;
}
