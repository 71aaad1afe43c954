import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const HEAD_BYTES = 20;
const CHECK_BYTES = 12;
const TAG_BYTES = 32;
const BYTES = HEAD_BYTES + CHECK_BYTES + TAG_BYTES;

const hexOf = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidAt = (bytes: Buffer) =>
  bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** What a refresh token says; whether it is true is told by `matches`. */
export interface RefreshClaims {
  readonly loginId: string;
  readonly generation: number;
  readonly tag: Buffer;
}

/**
 * Refresh tokens: UUID of the login | u32 generation | HMAC-SHA256 over both, cut to 96 bits | HMAC-SHA256 over both
 * and the login's salt; base64url, 86 characters. The server's key alone makes none, nor does the database alone; and
 * of any old one it can be told that it is one, with nothing stored of it. The short code tells forgeries without a
 * look into the database, and tokens of logins that are long forgotten from them.
 */
export class RefreshCodec {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'invigil refresh tokens', 32));
  }

  encode(loginId: string, generation: number, salt: Uint8Array): string {
    const head = this.#head(loginId, generation);
    return Buffer.concat([head, this.#check(head), this.#tag(head, salt)]).toString('base64url');
  }

  /** Undefined for what was not made with this key. */
  decode(token: string): RefreshClaims | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // The decoder passes over what is no base64url, and over unused bits: only the one spelling counts.
    if (bytes.length !== BYTES || bytes.toString('base64url') !== token) return undefined;
    const head = bytes.subarray(0, HEAD_BYTES);
    if (!timingSafeEqual(this.#check(head), bytes.subarray(HEAD_BYTES, HEAD_BYTES + CHECK_BYTES))) return undefined;
    return {
      loginId: uuidAt(bytes),
      generation: bytes.readUInt32BE(16),
      tag: bytes.subarray(HEAD_BYTES + CHECK_BYTES),
    };
  }

  matches({ loginId, generation, tag }: RefreshClaims, salt: Uint8Array): boolean {
    return timingSafeEqual(this.#tag(this.#head(loginId, generation), salt), tag);
  }

  #head(loginId: string, generation: number): Buffer {
    const head = Buffer.alloc(HEAD_BYTES);
    hexOf(loginId).copy(head);
    head.writeUInt32BE(generation, 16);
    return head;
  }

  #check(head: Buffer): Buffer {
    return createHmac('sha256', this.#key).update('login').update(head).digest().subarray(0, CHECK_BYTES);
  }

  #tag(head: Buffer, salt: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update('token').update(head).update(salt).digest();
  }
}
