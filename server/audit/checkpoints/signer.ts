import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type Checkpoint, formatCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { formatNote, formatVerifierKey, keyIdOf, type VerifierKey } from '../../../protocol/audit/signed-note.ts';
import { sha256 } from '../tree/hashes.ts';

/** Prefixes of an Ed25519 key in PKCS #8 and SubjectPublicKeyInfo (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs tree heads as notes (C2SP signed-note, tlog-checkpoint) with an Ed25519 key, which also names the log. */
export class Signer {
  readonly key: VerifierKey;
  readonly #private: KeyObject;

  /** @param seed 32 random bytes (RFC 8032, section 5.1.5) */
  constructor(seed: Uint8Array) {
    this.#private = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey(this.#private).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
    this.key = {
      name: `invigil-audit/${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`,
      publicKey,
    };
  }

  /** Origin of the log in its checkpoints. */
  get origin(): string {
    return this.key.name;
  }

  /** Verifier key: `name+id+key`. */
  verifierKey(): Promise<string> {
    return formatVerifierKey(this.key, sha256);
  }

  async note(head: Omit<Checkpoint, 'origin'>): Promise<string> {
    const text = formatCheckpoint({ ...head, origin: this.origin });
    const signature = sign(null, Buffer.from(text, 'utf8'), this.#private);
    return formatNote({
      text,
      signatures: [{ name: this.key.name, keyId: await keyIdOf(this.key, sha256), signature }],
    });
  }
}
