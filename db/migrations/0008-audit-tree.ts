import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/** The audit log's Merkle tree, its checkpoints, and events in the log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Stored as raw bytes, since exactly these are hashed.
  await sql`ALTER TABLE events ALTER COLUMN details TYPE json USING details::json`.execute(db);
  // 244 random bits: salt of the digests of a session's events, deleted with the session.
  await sql`ALTER TABLE sessions ADD COLUMN audit_salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`.execute(
    db,
  );
  await sql`ALTER TABLE audit_heads ADD COLUMN event_offset integer NOT NULL DEFAULT 0`.execute(db);

  // Most entries are of events and need no index; excluding them keeps it small.
  await sql`DROP INDEX audit_entries_event_type`.execute(db);
  await sql`CREATE INDEX audit_entries_acts ON audit_entries (event_type, id) WHERE event_type <> 'EVENTS_STORED'`.execute(
    db,
  );
  // Updated with each commit: leave room in the page.
  await sql`ALTER TABLE audit_heads SET (fillfactor = 50)`.execute(db);

  // Entries queued for the tree, in chain order.
  await sql`CREATE TABLE audit_queue (seq bigserial PRIMARY KEY, entry_id uuid NOT NULL)`.execute(db);
  await sql`CREATE TABLE audit_leaves (leaf_index bigint PRIMARY KEY, entry_id uuid NOT NULL UNIQUE)`.execute(db);
  // Hashes of complete subtrees in tiles of 256, 8 levels each (C2SP tlog-tiles).
  await sql`CREATE TABLE audit_tiles (level smallint NOT NULL, tile_index bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, tile_index))`.execute(
    db,
  );
  // Signed notes (C2SP tlog-checkpoint), also written outside the database.
  await sql`CREATE TABLE audit_checkpoints (tree_size bigint PRIMARY KEY, note text NOT NULL, signed_at timestamptz NOT NULL)`.execute(
    db,
  );

  await rehash(db);

  // Safeguards as for entries. The last tile may grow.
  for (const table of ['audit_leaves', 'audit_checkpoints']) {
    await sql`CREATE TRIGGER ${sql.raw(table)}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${sql.raw(table)}
      FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`.execute(db);
  }
  await sql`CREATE TRIGGER audit_tiles_stay BEFORE DELETE OR TRUNCATE ON audit_tiles
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`.execute(db);
  await sql`CREATE TRIGGER audit_tiles_grow BEFORE UPDATE ON audit_tiles FOR EACH ROW
    WHEN (substring(NEW.hashes FROM 1 FOR length(OLD.hashes)) IS DISTINCT FROM OLD.hashes)
    EXECUTE FUNCTION audit_refuse_change()`.execute(db);
  await sql`CREATE TRIGGER audit_heads_grow BEFORE UPDATE ON audit_heads FOR EACH ROW
    WHEN (NEW.length < OLD.length OR NEW.event_offset < OLD.event_offset)
    EXECUTE FUNCTION audit_refuse_change()`.execute(db);
}

interface Entry {
  readonly id: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly position: number;
  readonly event_type: string;
  readonly actor: string | null;
  readonly at: Date;
  readonly digest: Uint8Array;
}

/** Computes leaf hashes of existing entries, chain by chain, and queues them for the tree. */
async function rehash(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Entry>`SELECT id, entity_type, entity_id, position, event_type, actor, at, digest
    FROM audit_entries ORDER BY entity_type, entity_id, position`.execute(db);
  if (rows.length === 0) return;
  await sql`ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only`.execute(db);
  let hash: Uint8Array = Buffer.alloc(32);
  for (const row of rows) {
    const before: Uint8Array = row.position === 1 ? Buffer.alloc(32) : hash;
    hash = leafOf(row, before);
    await sql`UPDATE audit_entries SET prev_hash = ${before}, hash = ${hash} WHERE id = ${row.id}`.execute(db);
    await sql`UPDATE audit_heads SET hash = ${hash} WHERE entity_type = ${row.entity_type} AND entity_id = ${row.entity_id} AND length = ${row.position}`.execute(
      db,
    );
    await sql`INSERT INTO audit_queue (entry_id) VALUES (${row.id})`.execute(db);
  }
  await sql`ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only`.execute(db);
}

function leafOf(row: Entry, before: Uint8Array): Buffer {
  const fields = [
    'invigil/audit/entry/v2',
    row.id,
    row.entity_type,
    row.entity_id,
    String(row.position),
    row.event_type,
    row.actor ?? '',
    row.at.toISOString(),
    row.digest,
    before,
  ];
  const leaf = createHash('sha256').update(Buffer.of(0));
  for (const field of fields) {
    const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    leaf.update(length).update(bytes);
  }
  return leaf.digest();
}
