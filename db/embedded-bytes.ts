import { types } from '@electric-sql/pglite';

/**
 * Converts `bytea` to and from text with Buffer. PGlite's own parser makes a string and a number of each byte, which
 * took half of a statement's time in lists of the audit log, on the main thread.
 */
export const BYTEA = {
  parsers: { [types.BYTEA]: (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), 'hex')) },
  serializers: { [types.BYTEA]: (value: unknown): string => `\\x${hexOf(value)}` },
};

/** @throws Error for values that are not bytes, as PGlite does */
function hexOf(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new Error('Invalid input for BYTEA type');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}
