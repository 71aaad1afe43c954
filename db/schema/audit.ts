import type { Generated } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';

/** The end of one entity's chain. Locked by whoever appends, until their transaction is over. */
export interface AuditHeadsTable {
  entity_type: AuditEntity;
  entity_id: string;
  length: number;
  hash: Uint8Array;
  /** Of a session: the highest offset of its events' changes that is in the log. */
  event_offset: Generated<number>;
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

/** Entries that wait for their place in the tree, in the order of their chains. Emptied by the one writer. */
export interface AuditQueueTable {
  /** Decimal: 64 bits. */
  seq: Generated<string>;
  entry_id: string;
}

/** The tree's leaves: which entry stands where. `leaf_index` from 0, without holes; decimal: 64 bits. */
export interface AuditLeavesTable {
  leaf_index: string | number;
  entry_id: string;
}

/**
 * Hashes of complete subtrees: those of 256^level leaves, 256 a tile; the last tile of a level may have fewer, and
 * grows.
 */
export interface AuditTilesTable {
  level: number;
  tile_index: string | number;
  /** Concatenated, 32 bytes each. */
  hashes: Uint8Array;
}

/** Signed notes, each about the tree's first `tree_size` leaves. */
export interface AuditCheckpointsTable {
  tree_size: string | number;
  note: string;
  signed_at: Date;
}
