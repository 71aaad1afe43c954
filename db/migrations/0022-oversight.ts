import { type Kysely, sql } from 'kysely';

/** Search of the audit log, and sizes of what the server stores. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // From the stored bytes without a cast that could fail: an entry with an odd payload must not be refused.
  await sql`CREATE FUNCTION audit_kind(event_type text, payload bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN event_type = 'SECURITY' THEN coalesce(substring(encode(payload, 'escape') FROM '"kind":"([a-z_]+)"'), event_type)
      ELSE event_type END $$`.execute(db);
  await sql`CREATE FUNCTION audit_ids(payload bytea) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT found[1]::uuid), '{}')
    FROM regexp_matches(encode(payload, 'escape'), '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', 'g') AS found $$`.execute(
    db,
  );
  // Entries of events, which are most of the log, are listed by session only: the indexes stay small, and writing events
  // costs what it did.
  const acts = sql`WHERE event_type <> 'EVENTS_STORED'`;
  await sql`CREATE INDEX audit_entries_time ON audit_entries (at, id) ${acts}`.execute(db);
  await sql`CREATE INDEX audit_entries_kind ON audit_entries (audit_kind(event_type, payload), at, id) ${acts}`.execute(
    db,
  );
  await sql`CREATE INDEX audit_entries_actor ON audit_entries (actor, audit_kind(event_type, payload), at, id)
    ${acts} AND actor IS NOT NULL`.execute(db);
  await sql`CREATE INDEX audit_entries_entity ON audit_entries (entity_id, at, id) ${acts}`.execute(db);
  // A list of pending entries would be scanned by every search.
  await sql`CREATE INDEX audit_entries_ids ON audit_entries USING gin (audit_ids(payload)) WITH (fastupdate = off) ${acts}`.execute(
    db,
  );

  await sql`CREATE TABLE storage_samples (
    part text NOT NULL,
    at timestamptz NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (part, at)
  )`.execute(db);
}
