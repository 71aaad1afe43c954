import { createHash, randomInt } from 'node:crypto';

const CODES = 10;
/** Crockford's base 32: no letters that resemble digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 120 random bits: above the 112 that allow storing a plain hash (ASVS 5.0, 6.5.2). */
const LENGTH = 24;
const GROUP = 6;

const newCode = (): string =>
  Array.from(
    { length: LENGTH },
    (_, index) => (index > 0 && index % GROUP === 0 ? '-' : '') + ALPHABET[randomInt(ALPHABET.length)],
  ).join('');

export const newRecoveryCodes = (): string[] => Array.from({ length: CODES }, newCode);

/** Stored hash. Case, spaces and hyphens are ignored, and letters that resemble digits are read as those. */
export function recoveryCodeHash(code: string): Buffer {
  const plain = code
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
  return createHash('sha256').update(plain).digest();
}
