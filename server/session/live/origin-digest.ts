import { createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;
/** 96 bits: two devices of one session never share a digest. */
const DIGEST_BYTES = 12;

export type OriginDigest = (session: string, kind: 'device' | 'network', value: string) => string;

/**
 * Digests of device ids and networks, keyed by the installation's secret and the session: nobody can link two sessions
 * by them, or guess an address from one without the secret.
 */
export function originDigest(secret: Uint8Array): OriginDigest {
  const key = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), 'invigil/session/origin/v1', KEY_BYTES));
  return (session, kind, value) =>
    createHmac('sha256', key)
      .update(`${session}\n${kind}\n${value}`)
      .digest()
      .subarray(0, DIGEST_BYTES)
      .toString('base64url');
}
