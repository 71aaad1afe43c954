import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../clock.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { Role } from '../../../protocol/http/accounts.ts';

export const ACCESS_SECONDS = 15 * 60;
const ISSUER = 'invigil';
const AUDIENCE = 'invigil:api';
/** RFC 9068 defines the type of an access token; it keeps other tokens of the same key from being used as one. */
const TYPE = 'at+jwt';

/** Claims of an access token. */
export interface AccessClaims {
  readonly userId: string;
  readonly role: Role;
  readonly loginId: string;
  readonly expiresAt: Date;
}

/** Authenticated user of a request. The role and what follows are as stored now. */
export interface Principal extends AccessClaims {
  readonly organisationId: string;
  /** When a second factor was last verified in this login; null: never. */
  readonly secondFactorAt: Date | null;
  /** The role requires a second factor that this login has not verified. */
  readonly factorPending: boolean;
}

/** Size of the cache of verified tokens: a client sends the same one with every request for 15 min. */
const REMEMBERED = 10_000;

export class AccessTokens {
  readonly #key: Promise<webcrypto.CryptoKey>;
  readonly #clock: Clock;
  /** Verified tokens in insertion order, without account and login, which are looked up each time. */
  readonly #good = new Map<string, AccessClaims>();

  constructor(secret: string, clock: Clock) {
    // Imported once: importing it per request takes a third of a verification.
    this.#key = webcrypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign', 'verify'],
    );
    this.#clock = clock;
  }

  async sign(user: { id: string; role: Role }, loginId: string): Promise<string> {
    const now = Math.floor(this.#clock() / 1000);
    return new SignJWT({ role: user.role, sid: loginId })
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setSubject(user.id)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_SECONDS)
      .sign(await this.#key);
  }

  /** @throws ProtocolError `token_expired` or `unauthenticated` */
  async verify(token: string): Promise<AccessClaims> {
    const known = this.#good.get(token);
    if (known && this.#clock() < known.expiresAt.getTime()) return known;
    const principal = await this.#verify(token);
    this.#good.set(token, principal);
    const [eldest] = this.#good.keys();
    if (this.#good.size > REMEMBERED && eldest !== undefined) this.#good.delete(eldest);
    return principal;
  }

  async #verify(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, await this.#key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['sub', 'exp', 'sid', 'role'],
        currentDate: new Date(this.#clock()),
      });
      return {
        userId: String(payload.sub),
        role: Role.parse(payload['role']),
        loginId: String(payload['sid']),
        expiresAt: new Date((payload.exp ?? 0) * 1000),
      };
    } catch (cause) {
      if (cause instanceof errors.JWTExpired)
        throw new ProtocolError('token_expired', 'access token has expired', { cause });
      throw new ProtocolError('unauthenticated', 'invalid access token', {
        cause,
        refusal: { kind: 'token_forged' },
      });
    }
  }
}

const RANDOM_BYTES = 32;

/** 256 random bits, for the setup link. */
export const randomToken = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** Whether it has the form of a `randomToken`; others are not looked up. */
export function isRandomToken(token: string): boolean {
  const bytes = Buffer.from(token, 'base64url');
  return bytes.length === RANDOM_BYTES && bytes.toString('base64url') === token;
}

/** Stored in place of a token. A token is random, so a plain hash suffices. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
