import type { Generated } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';

/** Head of one entity's chain. Locked by appending transactions until they end. */
export interface AuditHeadsTable {
  entity_type: AuditEntity;
  entity_id: string;
  length: number;
  hash: Uint8Array;
  /** For sessions: highest event change offset in the log. */
  event_offset: Generated<number>;
}

/** One audit entry. Triggers reject updates and deletes. */
export interface AuditEntriesTable {
  id: string;
  entity_type: AuditEntity;
  entity_id: string;
  /** From 1, without gaps. */
  position: number;
  event_type: string;
  actor: string | null;
  at: Date;
  /** UTF-8 JSON exactly as hashed; never parsed and rewritten. */
  payload: Uint8Array;
  salt: Uint8Array;
  /** Salted digest of the payload. */
  digest: Uint8Array;
  prev_hash: Uint8Array;
  hash: Uint8Array;
}

/** Entries queued for the tree, in chain order. Consumed by the only writer. */
export interface AuditQueueTable {
  /** Decimal: 64 bits. */
  seq: Generated<string>;
  entry_id: string;
}

/** Leaves of the tree. `leaf_index` from 0, without gaps; decimal: 64 bits. */
export interface AuditLeavesTable {
  leaf_index: string | number;
  entry_id: string;
}

/** Hashes of complete subtrees of 256^level leaves, 256 per tile; the last tile of a level may be partial and grow. */
export interface AuditTilesTable {
  level: number;
  tile_index: string | number;
  /** Concatenated, 32 bytes each. */
  hashes: Uint8Array;
}

/** Signed checkpoint notes of the first `tree_size` leaves. */
export interface AuditCheckpointsTable {
  tree_size: string | number;
  note: string;
  signed_at: Date;
}
