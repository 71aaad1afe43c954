import { createHmac, timingSafeEqual } from 'node:crypto';

export const PURPOSES = ['exam', 'console'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Contents of a ticket. Times are server ms. */
export interface TicketClaims {
  /** Random, version 4. */
  readonly id: string;
  readonly purpose: Purpose;
  readonly userId: string;
  /** Login that requested it, or API key: its end closes its sockets. */
  readonly loginId: string;
  /** `loginId` is an API key; only for purpose `exam`. */
  readonly byKey: boolean;
  readonly sessionId: string | undefined;
  readonly expiresAt: number;
  /** Limits the socket's lifetime: expiry of the access token that requested it. */
  readonly authExpiresAt: number;
}

const BODY_BYTES = 77;
const MAC_BYTES = 16;
/** In place of the purpose: an exam ticket requested with an API key. */
const EXAM_BY_KEY = PURPOSES.length;
const NOBODY = Buffer.alloc(16);

const uuidBytes = (id: string | undefined) => (id === undefined ? NOBODY : Buffer.from(id.replaceAll('-', ''), 'hex'));
const uuidAt = (body: Buffer, at: number) =>
  body.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const mac = (key: Buffer, body: Buffer) => createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);

/**
 * Layout: u8 purpose, or 2 for an exam ticket by an API key | four UUIDs (ticket, user, login or key, session or zeros) | u48 expiry | u48 login's expiry |
 * HMAC-SHA256 cut to 128 bits. 124 characters of base64url, which a `Sec-WebSocket-Protocol` value may hold.
 */
export function encodeTicket(key: Buffer, claims: TicketClaims): string {
  if (claims.byKey && claims.purpose !== 'exam') throw new RangeError('API keys get exam tickets only');
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(claims.byKey ? EXAM_BY_KEY : PURPOSES.indexOf(claims.purpose), 0);
  [claims.id, claims.userId, claims.loginId, claims.sessionId].forEach((id, index) =>
    uuidBytes(id).copy(body, 1 + 16 * index),
  );
  body.writeUIntBE(claims.expiresAt, 65, 6);
  body.writeUIntBE(claims.authExpiresAt, 71, 6);
  return Buffer.concat([body, mac(key, body)]).toString('base64url');
}

/** @returns undefined for anything not issued with this key, bit for bit */
export function decodeTicket(key: Buffer, value: string): TicketClaims | undefined {
  const bytes = Buffer.from(value, 'base64url');
  // The decoder ignores characters outside base64url and unused bits; only the canonical spelling is accepted.
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString('base64url') !== value) return undefined;
  const body = bytes.subarray(0, BODY_BYTES);
  if (!timingSafeEqual(mac(key, body), bytes.subarray(BODY_BYTES))) return undefined;
  const byKey = body.readUInt8(0) === EXAM_BY_KEY;
  const purpose = byKey ? 'exam' : PURPOSES[body.readUInt8(0)];
  if (!purpose) return undefined;
  return {
    id: uuidAt(body, 1),
    purpose,
    userId: uuidAt(body, 17),
    loginId: uuidAt(body, 33),
    byKey,
    sessionId: body.subarray(49, 65).equals(NOBODY) ? undefined : uuidAt(body, 49),
    expiresAt: body.readUIntBE(65, 6),
    authExpiresAt: body.readUIntBE(71, 6),
  };
}
