import type { Sha256 } from '../../protocol/audit/merkle-proof.ts';
import type { NoteCrypto } from '../../protocol/audit/signed-note.ts';

/** Cryptography that this browser supports for the audit log. */
export interface AuditCrypto {
  readonly sha256: Sha256;
  /** Undefined where the browser does not support Ed25519. */
  readonly verify: NoteCrypto['verify'] | undefined;
}

/** @returns undefined outside a secure context (https or localhost) */
export async function auditCrypto(): Promise<AuditCrypto | undefined> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  const sha256: Sha256 = async (bytes) => new Uint8Array(await subtle.digest('SHA-256', asSource(bytes)));
  return { sha256, verify: (await hasEd25519(subtle)) ? verifier(subtle) : undefined };
}

/** The DOM types require bytes that are not shared between threads. */
const asSource = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

const verifier =
  (subtle: SubtleCrypto): NoteCrypto['verify'] =>
  async (publicKey, message, signature) =>
    subtle.verify(
      'Ed25519',
      await subtle.importKey('raw', asSource(publicKey), 'Ed25519', false, ['verify']),
      asSource(signature),
      asSource(message),
    );

/** The base point (RFC 8032, section 5.1), a valid public key to test for Ed25519 support. */
const BASE_POINT = Uint8Array.of(0x58, ...new Uint8Array(31).fill(0x66));

async function hasEd25519(subtle: SubtleCrypto): Promise<boolean> {
  try {
    await subtle.importKey('raw', BASE_POINT, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}
