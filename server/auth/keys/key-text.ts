import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
/** Prefix of every key, by which secret scanners find it. */
const PREFIX = 'ivk_';
const FORM = /^ivk_([0-9a-f]{32})_([\w-]{43})$/;

/** The id of a key, which is public, and its secret. */
export interface KeyParts {
  readonly id: string;
  readonly secret: Buffer;
}

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** `ivk_<id, 32 hex digits>_<secret, 43 characters of base64url>`. */
export const encodeKey = ({ id, secret }: KeyParts): string =>
  `${PREFIX}${id.replaceAll('-', '')}_${secret.toString('base64url')}`;

/** Whether a bearer token claims to be a key; others are access tokens. */
export const looksLikeKey = (token: string): boolean => token.startsWith(PREFIX);

/** @returns undefined for any other spelling */
export function decodeKey(token: string): KeyParts | undefined {
  const [, hex = '', text = ''] = FORM.exec(token) ?? [];
  const secret = Buffer.from(text, 'base64url');
  if (secret.length !== SECRET_BYTES || secret.toString('base64url') !== text) return undefined;
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret };
}
