import type { AuditEntity } from '../../protocol/http/audit.ts';

/** The end of one entity's chain. Locked by whoever appends, until their transaction is over. */
export interface AuditHeadsTable {
  entity_type: AuditEntity;
  entity_id: string;
  length: number;
  hash: Uint8Array;
}

/** One act. Triggers refuse to change or to remove a row. */
export interface AuditEntriesTable {
  id: string;
  entity_type: AuditEntity;
  entity_id: string;
  /** From 1, without holes. */
  position: number;
  event_type: string;
  actor: string | null;
  at: Date;
  /** UTF-8 JSON as it was hashed: never parsed and written again. */
  payload: Uint8Array;
  salt: Uint8Array;
  /** Of the payload, under the salt. */
  digest: Uint8Array;
  prev_hash: Uint8Array;
  hash: Uint8Array;
}
