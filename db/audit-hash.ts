import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { AuditEntriesTable } from './schema/audit.ts';

/** What precedes the first entry of a chain. */
export const NO_HASH: Uint8Array = new Uint8Array(32);

const ENTRY_DOMAIN = 'invigil/audit/entry/v2';

/** A domain and fields, each preceded by its length in bytes (32 bits, big-endian), so that no two lists of fields give the same bytes. */
function encodeFields(domain: string, fields: readonly (string | Uint8Array)[]): Buffer {
  const all = [domain, ...fields].map((field) => (typeof field === 'string' ? Buffer.from(field, 'utf8') : field));
  const out = Buffer.allocUnsafe(all.reduce((sum, field) => sum + 4 + field.byteLength, 0));
  let at = 0;
  for (const field of all) {
    at = out.writeUInt32BE(field.byteLength, at);
    out.set(field, at);
    at += field.byteLength;
  }
  return out;
}

/**
 * A commitment to bytes: without the salt nothing can be guessed from it. Payloads and reasons go under different domains.
 */
export const saltedDigest = (domain: 'payload' | 'reason', salt: Uint8Array, bytes: string | Uint8Array): Buffer =>
  createHash('sha256').update(encodeFields(`invigil/audit/${domain}/v1`, [salt, bytes])).digest();

/** The bytes of an entry that are hashed: everything but the payload itself, which its digest stands for. */
export function encodeEntry(entry: Omit<Insertable<AuditEntriesTable>, 'payload' | 'salt' | 'hash'>): Buffer {
  return encodeFields(ENTRY_DOMAIN, [
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

const LEAF = Buffer.of(0x00);

/**
 * Hash of an entry: that of a leaf of a Merkle tree with its encoded bytes as data, SHA-256(0x00 || bytes) (RFC 6962,
 * section 2.1). The next entry of its chain names it, and the tree has it as a leaf.
 */
export const entryHash = (entry: Parameters<typeof encodeEntry>[0]): Buffer => createHash('sha256').update(LEAF).update(encodeEntry(entry)).digest();
