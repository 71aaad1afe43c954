import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const HEAD_BYTES = 20;
const CHECK_BYTES = 12;
const TAG_BYTES = 32;
const BYTES = HEAD_BYTES + CHECK_BYTES + TAG_BYTES;

const hexOf = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidAt = (bytes: Buffer) =>
  bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Contents of a refresh token; `matches` verifies it. */
export interface RefreshClaims {
  readonly loginId: string;
  readonly generation: number;
  readonly tag: Buffer;
}

/**
 * Refresh tokens: login UUID | u32 generation | HMAC-SHA256 over both, cut to 96 bits | HMAC-SHA256 over both and the
 * login's salt; base64url, 86 characters. Neither the server's key alone nor the database alone suffices to forge one,
 * and any old token is recognised without storing it. The short MAC rejects forgeries without a database query, and
 * recognises tokens of logins deleted long ago.
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

  /** @returns undefined for a token not issued with this key */
  decode(token: string): RefreshClaims | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // The decoder ignores characters outside base64url and unused bits; only the canonical spelling is accepted.
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
