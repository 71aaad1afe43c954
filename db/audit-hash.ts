import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { AuditEntriesTable } from './schema/audit.ts';

/** What precedes the first entry of a chain. */
export const NO_HASH: Uint8Array = new Uint8Array(32);

/**
 * SHA-256 over a domain and fields, each preceded by its length in bytes (32 bits, big-endian), so that no two
 * lists of fields give the same input.
 */
function hashFields(domain: string, fields: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const field of [domain, ...fields]) {
    const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}

/** A commitment to bytes: without the salt nothing can be guessed from it. Payloads and reasons go under different domains. */
export const saltedDigest = (domain: 'payload' | 'reason', salt: Uint8Array, bytes: string | Uint8Array): Buffer =>
  hashFields(`invigil/audit/${domain}/v1`, [salt, bytes]);

/** Over everything but the payload itself, which its digest stands for. */
export function entryHash(entry: Omit<Insertable<AuditEntriesTable>, 'payload' | 'salt' | 'hash'>): Buffer {
  return hashFields('invigil/audit/entry/v1', [
    entry.id,
    entry.entity_type,
    entry.entity_id,
    String(entry.position),
    entry.event_type,
    entry.actor ?? '',
    entry.at.toISOString(),
    entry.digest,
    entry.prev_hash,
  ]);
}
