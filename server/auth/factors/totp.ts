import { Secret, TOTP } from 'otpauth';

/**
 * RFC 6238 as in all authenticator apps: SHA-1, 6 digits, 30 s; secret as long as the hash (RFC 4226, section 4, R6).
 */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** Accepted clock drift, steps (RFC 6238, section 5.2). */
const WINDOW = 1;
const ISSUER = 'Invigil';

export const newTotpSecret = (): Uint8Array => new Secret({ size: SECRET_BYTES }).bytes;

const secretOf = (bytes: Uint8Array) => new Secret({ buffer: Uint8Array.from(bytes).buffer });

/** Setup data of an authenticator app: the secret for typing and a URI for a QR code. */
export function totpSetup(bytes: Uint8Array, label: string): { readonly secret: string; readonly uri: string } {
  const secret = secretOf(bytes);
  return { secret: secret.base32, uri: new TOTP({ ...PARAMETERS, issuer: ISSUER, label, secret }).toString() };
}

/**
 * @returns the time step of the code, which increases with time; undefined if the code is not valid at `now`, server ms
 */
export function stepOfCode(bytes: Uint8Array, code: string, now: number): number | undefined {
  const delta = new TOTP({ ...PARAMETERS, secret: secretOf(bytes) }).validate({
    token: code,
    timestamp: now,
    window: WINDOW,
  });
  return delta === null ? undefined : Math.floor(now / 1000 / PARAMETERS.period) + delta;
}
