import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { CheckInPictureKind } from '../../protocol/check-in-bounds.ts';
import type { EvidenceKind } from '../../protocol/http/evidence.ts';

/** AES-256-GCM (NIST SP 800-38D) with random nonces of 96 bits: version byte, nonce, tag, ciphertext. */
const ALGORITHM = 'aes-256-gcm';
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const HEADER = 1 + NONCE + TAG;
const KEY_BYTES = 32;

/** Identity of a picture: authenticated with it, so that one cannot replace another. */
export interface PictureOf {
  readonly session: string;
  readonly event: string;
  readonly kind: EvidenceKind;
}

/** The bytes were not sealed under this key for this purpose. */
export class SealError extends Error {
  override readonly name = 'SealError';
  readonly code = 'seal_broken';
}

const dataOf = (...parts: readonly string[]) => Buffer.from(['invigil', ...parts].join('\n'));

function seal(key: Uint8Array, plain: Uint8Array, data: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(data);
  const sealed = Buffer.allocUnsafe(HEADER + plain.byteLength);
  sealed[0] = VERSION;
  sealed.set(nonce, 1);
  // The mode is a stream cipher: as many bytes as the plaintext, and none at the end.
  sealed.set(cipher.update(plain), HEADER);
  cipher.final();
  sealed.set(cipher.getAuthTag(), 1 + NONCE);
  return sealed;
}

/** @throws SealError */
function unseal(key: Uint8Array, sealed: Uint8Array, data: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.byteLength < HEADER)
    throw new SealError('not a sealed object of a known version');
  try {
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(1, 1 + NONCE), { authTagLength: TAG });
    decipher.setAAD(data).setAuthTag(sealed.subarray(1 + NONCE, HEADER));
    const plain = decipher.update(sealed.subarray(HEADER));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new SealError('another key, another place, or other bytes than were sealed', { cause });
  }
}

export const newSessionKey = (): Buffer => randomBytes(KEY_BYTES);

export const wrapKey = (master: Uint8Array, session: string, key: Uint8Array): Buffer =>
  seal(master, key, dataOf('session-key', session));

/** @throws SealError when it was wrapped by another master key, or for another session */
export const unwrapKey = (master: Uint8Array, session: string, wrapped: Uint8Array): Buffer =>
  unseal(master, wrapped, dataOf('session-key', session));

export const sealPicture = (key: Uint8Array, { session, event, kind }: PictureOf, jpeg: Uint8Array): Buffer =>
  seal(key, jpeg, dataOf('evidence', session, event, kind));

/** @throws SealError */
export const openPicture = (key: Uint8Array, { session, event, kind }: PictureOf, sealed: Uint8Array): Buffer =>
  unseal(key, sealed, dataOf('evidence', session, event, kind));

/** Identity of a picture of a check-in, which has a key of its own. */
export interface CheckInPictureOf {
  readonly id: string;
  readonly checkIn: string;
  readonly kind: CheckInPictureKind;
}

const checkInData = (what: 'key' | 'picture', { id, checkIn, kind }: CheckInPictureOf) =>
  dataOf(`check-in-${what}`, checkIn, id, kind);

/** @returns the sealed picture, and its key as the master key wraps it */
export function sealCheckInPicture(
  master: Uint8Array,
  picture: CheckInPictureOf,
  jpeg: Uint8Array,
): { readonly sealed: Buffer; readonly wrappedKey: Buffer } {
  const key = newSessionKey();
  return {
    sealed: seal(key, jpeg, checkInData('picture', picture)),
    wrappedKey: seal(master, key, checkInData('key', picture)),
  };
}

/** @throws SealError */
export const openCheckInPicture = (
  master: Uint8Array,
  picture: CheckInPictureOf,
  { sealed, wrappedKey }: { readonly sealed: Uint8Array; readonly wrappedKey: Uint8Array },
): Buffer => unseal(unseal(master, wrappedKey, checkInData('key', picture)), sealed, checkInData('picture', picture));
