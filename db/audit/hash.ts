import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import { encodeFields, entryBytes } from '../../protocol/audit/entry.ts';
import type { AuditEntriesTable } from '../schema/audit.ts';

/** Previous hash of the first entry of a chain. */
export const NO_HASH: Uint8Array = new Uint8Array(32);

/** Salted commitment to bytes, which reveals nothing without the salt. Payloads, reasons, names and notes use different domains. */
export const saltedDigest = (
  domain: 'payload' | 'reason' | 'names' | 'note',
  salt: Uint8Array,
  bytes: string | Uint8Array,
): Buffer =>
  createHash('sha256')
    .update(encodeFields([`invigil/audit/${domain}/v1`, salt, bytes]))
    .digest();

/** Hashed bytes of an entry: everything but the payload, which its digest represents. */
export const encodeEntry = (entry: Omit<Insertable<AuditEntriesTable>, 'payload' | 'salt' | 'hash'>): Uint8Array =>
  entryBytes({
    id: entry.id,
    entityType: entry.entity_type,
    entityId: entry.entity_id,
    position: entry.position,
    eventType: entry.event_type,
    actor: entry.actor ?? null,
    at: entry.at.toISOString(),
    digest: entry.digest,
    prevHash: entry.prev_hash,
  });

const LEAF = Buffer.of(0x00);

/**
 * Hash of an entry, equal to its Merkle tree leaf hash: SHA-256(0x00 || bytes) (RFC 6962, section 2.1). The next entry
 * of the chain refers to it.
 */
export const entryHash = (entry: Parameters<typeof encodeEntry>[0]): Buffer =>
  createHash('sha256').update(LEAF).update(encodeEntry(entry)).digest();
