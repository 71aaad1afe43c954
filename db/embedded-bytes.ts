import { types } from '@electric-sql/pglite';

/**
 * `bytea` as text and back, by the runtime. PGlite's own parser makes a string and a number of each byte: in lists of
 * the audit log that was half of a statement's time, all of it on the main thread.
 */
export const BYTEA = {
  parsers: { [types.BYTEA]: (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), 'hex')) },
  serializers: { [types.BYTEA]: (value: unknown): string => `\\x${hexOf(value)}` },
};

/** @throws Error for anything but bytes, as PGlite does */
function hexOf(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new Error('Invalid input for BYTEA type');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}
