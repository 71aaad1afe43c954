import { HASH_BYTES } from '../../../protocol/audit/merkle-proof.ts';

/** Whether the 32 bytes there are this hash, given as 32 characters, one a byte: `hash(.., 'binary')`. */
export function isHashAt(bytes: Uint8Array, at: number, hash: string): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== hash.charCodeAt(i)) return false;
  return true;
}

export function isZeroAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (bytes[at + i] !== 0) return false;
  return true;
}
