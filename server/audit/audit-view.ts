import type { AuditEntryRow } from '../../db/audit/append.ts';
import type { AuditEntry } from '../../protocol/http/audit.ts';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

/** An entry with its stored bytes, so that a reader can recompute its hashes. */
export const auditView = (row: AuditEntryRow): AuditEntry => ({
  id: row.id,
  entityType: row.entity_type,
  entityId: row.entity_id,
  position: row.position,
  eventType: row.event_type,
  actor: row.actor,
  at: row.at.toISOString(),
  payload: Buffer.from(row.payload).toString('utf8'),
  salt: base64url(row.salt),
  digest: base64url(row.digest),
  prevHash: base64url(row.prev_hash),
  hash: base64url(row.hash),
});
