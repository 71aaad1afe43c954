import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { NoteCrypto } from '../../../protocol/audit/signed-note.ts';
import { sha256 } from '../tree/hashes.ts';

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Cache of imported keys: thousands of notes are checked with the same one. */
const known = new WeakMap<Uint8Array, KeyObject>();

function keyOf(publicKey: Uint8Array): KeyObject {
  const key =
    known.get(publicKey) ?? createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  known.set(publicKey, key);
  return key;
}

/** Cryptography for signed notes, from Node.js. */
export const noteCrypto: NoteCrypto = {
  sha256,
  verify: (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature),
};
