import { sql, type Transaction } from 'kysely';
import type { Executor } from '../executor.ts';
import type { Schema } from '../schema/database.ts';

/** Storage of the audit log's Merkle tree. 64-bit numbers are read as numbers: a log has fewer than 2^53 leaves. */

/** Key of the advisory lock, the same in every process: "audit" in ASCII. */
const WRITER_LOCK = 0x6175646974;

/** Elects one writer across processes until the end of the transaction. @returns whether the caller is the writer */
export async function lockTree(tx: Transaction<Schema>): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean;
  }>`SELECT pg_try_advisory_xact_lock(${sql.lit(WRITER_LOCK)}) AS locked`.execute(tx);
  return rows[0]!.locked;
}

export interface QueuedEntry {
  readonly entry_id: string;
  /** Null: the entry was removed. */
  readonly hash: Uint8Array | null;
}

/** Takes queued entries, oldest first. */
export async function takeQueued(tx: Transaction<Schema>, limit: number): Promise<QueuedEntry[]> {
  const { rows } = await sql<QueuedEntry>`
    WITH taken AS (
      DELETE FROM audit_queue WHERE seq IN (SELECT seq FROM audit_queue ORDER BY seq LIMIT ${limit}) RETURNING seq, entry_id)
    SELECT taken.entry_id, entry.hash FROM taken LEFT JOIN audit_entries AS entry ON entry.id = taken.entry_id ORDER BY taken.seq`.execute(
    tx,
  );
  return rows;
}

/** Number of leaves. */
export async function treeSize(ex: Executor): Promise<number> {
  const row = await ex
    .selectFrom('audit_leaves')
    .select('leaf_index')
    .orderBy('leaf_index', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? 0 : Number(row.leaf_index) + 1;
}

/** Appends leaves, starting at `first`. */
export async function insertLeaves(tx: Transaction<Schema>, first: number, entries: readonly string[]): Promise<void> {
  await sql`
    INSERT INTO audit_leaves (leaf_index, entry_id)
    SELECT ${first}::bigint + place - 1, id::uuid
    FROM json_array_elements_text(${JSON.stringify(entries)}::json) WITH ORDINALITY AS entry(id, place)`.execute(tx);
}

export interface StoredTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** @returns existing tiles, in any order */
export async function readTiles(ex: Executor, ids: readonly Omit<StoredTile, 'hashes'>[]): Promise<StoredTile[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ level: number; tile_index: string | number; hashes: Uint8Array }>`
    SELECT tile.* FROM json_to_recordset(${JSON.stringify(ids)}::json) AS wanted(level smallint, index bigint)
    JOIN LATERAL (SELECT * FROM audit_tiles WHERE level = wanted.level AND tile_index = wanted.index LIMIT 1) AS tile ON true`.execute(
    ex,
  );
  return rows.map(({ level, tile_index, hashes }) => ({ level, index: Number(tile_index), hashes }));
}

/** Inserts new tiles and updates grown ones. */
export async function saveTiles(tx: Transaction<Schema>, tiles: readonly StoredTile[]): Promise<void> {
  await tx
    .insertInto('audit_tiles')
    .values(tiles.map(({ level, index, hashes }) => ({ level, tile_index: index, hashes })))
    .onConflict((conflict) =>
      conflict.columns(['level', 'tile_index']).doUpdateSet((eb) => ({ hashes: eb.ref('excluded.hashes') })),
    )
    .execute();
}

/** Leaf index of an entry; undefined while it is queued. */
export async function findLeaf(ex: Executor, entryId: string): Promise<number | undefined> {
  const row = await ex
    .selectFrom('audit_leaves')
    .select('leaf_index')
    .where('entry_id', '=', entryId)
    .executeTakeFirst();
  return row && Number(row.leaf_index);
}

export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
  readonly signedAt: Date;
}

/** A tree size has one root, so an existing checkpoint is kept. */
export async function insertCheckpoint(ex: Executor, { size, note, signedAt }: StoredCheckpoint): Promise<void> {
  await ex
    .insertInto('audit_checkpoints')
    .values({ tree_size: size, note, signed_at: signedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Newest checkpoint, or the newest of at most so many leaves. */
export async function newestCheckpoint(ex: Executor, atMost?: number): Promise<StoredCheckpoint | undefined> {
  let query = ex.selectFrom('audit_checkpoints').selectAll().orderBy('tree_size', 'desc').limit(1);
  if (atMost !== undefined) query = query.where('tree_size', '<=', atMost);
  const row = await query.executeTakeFirst();
  return row && { size: Number(row.tree_size), note: row.note, signedAt: row.signed_at };
}

/** Checkpoints of more than `after` leaves, in order of size. */
export async function listCheckpoints(
  ex: Executor,
  page: { readonly after: number; readonly limit: number },
): Promise<StoredCheckpoint[]> {
  const rows = await ex
    .selectFrom('audit_checkpoints')
    .selectAll()
    .where('tree_size', '>', page.after)
    .orderBy('tree_size')
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({ size: Number(row.tree_size), note: row.note, signedAt: row.signed_at }));
}
