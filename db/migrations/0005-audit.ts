import { type Kysely, sql } from 'kysely';

/** The audit log: a chain of hashes an entity. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE audit_heads (
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    length integer NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (entity_type, entity_id)
  )`.execute(db);

  // No references: what the log says of an account or a session outlives both.
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

  // A hurdle, not the proof: whoever owns the tables can disable it, and then the hashes tell.
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
