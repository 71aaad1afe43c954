import { ProtocolError } from '../../../protocol/errors.ts';

/** Marks the response as that of an earlier request with the same key. */
export const REPLAYED: Readonly<Record<string, string>> = { 'Idempotency-Replayed': 'true' };

/**
 * Value of an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a structured-field string, accepted
 * without quotes too, since few clients send them.
 * @returns undefined if absent
 * @throws ProtocolError `bad_request` if empty, longer than 128 characters or not printable ASCII
 */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (/^[\x21-\x7e]{1,128}$/.test(key)) return key;
  const fields = [{ field: 'header.idempotency-key', message: 'must be 1 to 128 printable ASCII characters' }];
  throw new ProtocolError('bad_request', 'Idempotency-Key must be 1 to 128 printable ASCII characters', { fields });
}
