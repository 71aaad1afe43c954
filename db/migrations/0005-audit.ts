import { type Kysely, sql } from 'kysely';

/** The audit log: one hash chain per entity. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE audit_heads (
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    length integer NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (entity_type, entity_id)
  )`.execute(db);

  // No foreign keys: entries outlive accounts and sessions.
  await sql`CREATE TABLE audit_entries (
    id uuid PRIMARY KEY,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    position integer NOT NULL,
    event_type text NOT NULL,
    actor uuid,
    at timestamptz NOT NULL,
    payload bytea NOT NULL,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    UNIQUE (entity_type, entity_id, position)
  )`.execute(db);
  await sql`CREATE INDEX audit_entries_event_type ON audit_entries (event_type, id)`.execute(db);

  // A safeguard, not the proof: the tables' owner can disable it, but the hashes then show the change.
  await sql`CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the audit log is only ever appended to' USING ERRCODE = 'insufficient_privilege';
    END
  $$`.execute(db);
  await sql`CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`.execute(db);
  await sql`CREATE TRIGGER audit_heads_stay BEFORE DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()`.execute(db);
}
