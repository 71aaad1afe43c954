import { type Selectable, sql } from 'kysely';
import type { AuditEntity } from '../../protocol/http/audit.ts';
import type { AuditEntryRow } from './append.ts';
import type { Db, Executor } from '../executor.ts';
import type { AuditHeadsTable } from '../schema/audit.ts';

/** Reads the audit log in tree order, from one snapshot. */

/** Runs reads on one snapshot, read-only. */
export const snapshot = <T>(db: Db, read: (tx: Executor) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);

export interface LeafRow {
  /** From 0. */
  readonly index: number;
  /** Undefined: the leaf has no entry row. */
  readonly entry: AuditEntryRow | undefined;
}

/** Leaves in [from, to), in order. */
export async function listLeaves(ex: Executor, from: number, to: number): Promise<LeafRow[]> {
  const rows = await ex
    .selectFrom('audit_leaves as leaf')
    .leftJoin('audit_entries as entry', 'entry.id', 'leaf.entry_id')
    .selectAll('entry')
    .select('leaf.leaf_index')
    .where('leaf.leaf_index', '>=', from)
    .where('leaf.leaf_index', '<', to)
    .orderBy('leaf.leaf_index')
    .execute();
  return rows.map(({ leaf_index, ...entry }) => ({
    index: Number(leaf_index),
    entry: entry.id === null ? undefined : (entry as AuditEntryRow),
  }));
}

export type EntryPlace = Pick<AuditEntryRow, 'entity_type' | 'entity_id' | 'position'>;

/** Entries without a leaf, chain by chain in order, after `after`. */
export async function listUnplaced(
  ex: Executor,
  after: EntryPlace | undefined,
  limit: number,
): Promise<AuditEntryRow[]> {
  let query = ex
    .selectFrom('audit_entries as entry')
    .selectAll('entry')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('audit_leaves as leaf').select('leaf.leaf_index').whereRef('leaf.entry_id', '=', 'entry.id'),
        ),
      ),
    )
    .orderBy('entry.entity_type')
    .orderBy('entry.entity_id')
    .orderBy('entry.position')
    .limit(limit);
  if (after) {
    query = query.where((eb) =>
      eb(
        eb.refTuple('entry.entity_type', 'entry.entity_id', 'entry.position'),
        '>',
        eb.tuple(after.entity_type, after.entity_id, after.position),
      ),
    );
  }
  return query.execute();
}

export interface ChainOf {
  readonly entityType: AuditEntity;
  readonly entityId: string;
}

type PlacedEntry = { readonly index: number; readonly entry: AuditEntryRow };

const placed = (ex: Executor, { entityType, entityId }: ChainOf, size: number) =>
  ex
    .selectFrom('audit_entries as entry')
    .innerJoin('audit_leaves as leaf', 'leaf.entry_id', 'entry.id')
    .selectAll('entry')
    .select('leaf.leaf_index')
    .where('entry.entity_type', '=', entityType)
    .where('entry.entity_id', '=', entityId)
    .where('leaf.leaf_index', '<', size);

const asPlaced = ({ leaf_index, ...entry }: AuditEntryRow & { leaf_index: string | number }): PlacedEntry => ({
  index: Number(leaf_index),
  entry,
});

/** Payload bytes after which a page ends. */
const PAGE_BYTES = 64 * 1024;

/**
 * Entries of one chain within the first `size` leaves, in order, after a position. Fewer than the limit if they are
 * long; none at the end.
 */
export async function listPlaced(
  ex: Executor,
  { entityType, entityId }: ChainOf,
  page: { readonly size: number; readonly after: number; readonly limit: number },
): Promise<PlacedEntry[]> {
  const { rows } = await sql<AuditEntryRow & { leaf_index: string | number }>`
    SELECT id, entity_type, entity_id, position, event_type, actor, at, payload, salt, digest, prev_hash, hash, leaf_index
    FROM (
      SELECT *, sum(octet_length(payload)) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) - octet_length(payload) AS bytes_before
      FROM (
        SELECT entry.*, leaf.leaf_index FROM audit_entries AS entry
        JOIN LATERAL (SELECT leaf_index FROM audit_leaves WHERE entry_id = entry.id AND leaf_index < ${page.size} LIMIT 1) AS leaf ON true
        WHERE entry.entity_type = ${entityType} AND entry.entity_id = ${entityId}::uuid AND entry.position > ${page.after}
        ORDER BY entry.position LIMIT ${page.limit}
      ) AS placed
    ) AS page
    WHERE bytes_before < ${PAGE_BYTES} ORDER BY position`.execute(ex);
  return rows.map(asPlaced);
}

/** Last entry of a chain within the first `size` leaves. */
export async function lastPlaced(ex: Executor, chain: ChainOf, size: number): Promise<PlacedEntry | undefined> {
  const row = await placed(ex, chain, size).orderBy('entry.position', 'desc').limit(1).executeTakeFirst();
  return row && asPlaced(row);
}

export async function findAuditEntry(ex: Executor, id: string): Promise<AuditEntryRow | undefined> {
  return ex.selectFrom('audit_entries').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Head of a chain, if it exists. */
export async function findHead(
  ex: Executor,
  { entityType, entityId }: ChainOf,
): Promise<Selectable<AuditHeadsTable> | undefined> {
  return ex
    .selectFrom('audit_heads')
    .selectAll()
    .where('entity_type', '=', entityType)
    .where('entity_id', '=', entityId)
    .executeTakeFirst();
}
