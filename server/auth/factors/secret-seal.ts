import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** AES-256-GCM (NIST SP 800-38D) with random nonces of 96 bits: nonce, tag, ciphertext. */
const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts TOTP secrets with a key of its own derived from JWT_SECRET (HKDF, RFC 5869), so that a copy of the database
 * does not reveal them.
 */
export class SecretSeal {
  readonly #key: Buffer;

  constructor(jwtSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', jwtSecret, 'invigil', 'second-factors 1', 32));
  }

  /** @param factor id of its row, authenticated so that it cannot be opened for another one */
  seal(plain: Uint8Array, factor: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce).setAAD(Buffer.from(factor));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @returns undefined if sealed with another JWT_SECRET or for another factor */
  open(sealed: Uint8Array, factor: string): Buffer | undefined {
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(factor)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}
