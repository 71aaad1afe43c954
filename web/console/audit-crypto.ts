import type { Sha256 } from '../../protocol/audit/merkle-proof.ts';
import type { NoteCrypto } from '../../protocol/audit/signed-note.ts';

/** What this browser can check. */
export interface AuditCrypto {
  readonly sha256: Sha256;
  /** Undefined: it has no Ed25519. */
  readonly verify: NoteCrypto['verify'] | undefined;
}

/** @returns undefined on an address that browsers do not trust: neither https nor localhost */
export async function auditCrypto(): Promise<AuditCrypto | undefined> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (!subtle) return undefined;
  const sha256: Sha256 = async (bytes) => new Uint8Array(await subtle.digest('SHA-256', asSource(bytes)));
  return { sha256, verify: (await hasEd25519(subtle)) ? verifier(subtle) : undefined };
}

/** The DOM's types want bytes that no other thread shares. */
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

/** The base point: a key of everybody's and nobody's (RFC 8032, section 5.1). */
const BASE_POINT = Uint8Array.of(0x58, ...new Uint8Array(31).fill(0x66));

async function hasEd25519(subtle: SubtleCrypto): Promise<boolean> {
  try {
    await subtle.importKey('raw', BASE_POINT, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}
