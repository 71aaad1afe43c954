import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const TAG_BYTES = 32;
const BYTES = 16 + 4 + TAG_BYTES;

const hexOf = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidAt = (bytes: Buffer) => bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** What a refresh token says; whether it is true is told by `matches`. */
export interface RefreshClaims {
  readonly loginId: string;
  readonly generation: number;
  readonly tag: Buffer;
}

/**
 * Refresh tokens: UUID of the login | u32 generation | HMAC-SHA256 over both and the login's salt; base64url, 70 characters.
 * The server's key alone makes none, nor does the database alone; and of any old one it can be told that it is one, with
 * nothing stored of it.
 */
export class RefreshCodec {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'invigil refresh tokens', 32));
  }

  encode(loginId: string, generation: number, salt: Uint8Array): string {
    const head = this.#head(loginId, generation);
    return Buffer.concat([head, this.#tag(head, salt)]).toString('base64url');
  }

  /** Undefined for what has another form. */
  decode(token: string): RefreshClaims | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // The decoder passes over what is no base64url, and over unused bits: only the one spelling counts.
    if (bytes.length !== BYTES || bytes.toString('base64url') !== token) return undefined;
    return { loginId: uuidAt(bytes), generation: bytes.readUInt32BE(16), tag: bytes.subarray(20) };
  }

  matches({ loginId, generation, tag }: RefreshClaims, salt: Uint8Array): boolean {
    return timingSafeEqual(this.#tag(this.#head(loginId, generation), salt), tag);
  }

  #head(loginId: string, generation: number): Buffer {
    const head = Buffer.alloc(20);
    hexOf(loginId).copy(head);
    head.writeUInt32BE(generation, 16);
    return head;
  }

  #tag(head: Buffer, salt: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(head).update(salt).digest();
  }
}
