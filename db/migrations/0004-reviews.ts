import { type Kysely, sql } from 'kysely';

/** Reviews, verdicts and rescores, all append-only. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN dismissed_weight double precision NOT NULL DEFAULT 0`.execute(db);
  await sql`ALTER TABLE sessions ADD COLUMN reviewed_score double precision NOT NULL
    GENERATED ALWAYS AS (round((risk_score - dismissed_weight)::numeric, 9)::double precision) STORED`.execute(db);

  await sql`CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    decision text NOT NULL CHECK (decision IN ('confirmed', 'dismissed', 'reopened')),
    reason text NOT NULL,
    reason_salt bytea NOT NULL,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX reviews_event ON reviews (event_id, id)`.execute(db);
  await sql`CREATE INDEX reviews_session ON reviews (session_id, id)`.execute(db);

  await sql`CREATE TABLE verdicts (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    verdict text NOT NULL CHECK (verdict IN ('no_concern', 'concern', 'violation')),
    reason text NOT NULL,
    reason_salt bytea NOT NULL,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX verdicts_session ON verdicts (session_id, id)`.execute(db);

  await sql`CREATE TABLE rescores (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    policy_version integer NOT NULL,
    risk_score double precision NOT NULL,
    risk_level text NOT NULL,
    reviewed_score double precision NOT NULL,
    reviewed_level text NOT NULL,
    reason text,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX rescores_session ON rescores (session_id, id)`.execute(db);

  // Deleted only together with their session, by retention.
  await sql`CREATE FUNCTION refuse_change_of_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'decisions are only ever added to' USING ERRCODE = 'insufficient_privilege';
    END
  $$`.execute(db);
  await sql`CREATE FUNCTION refuse_lone_delete() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_TABLE_NAME = 'reviews' THEN
        IF NOT EXISTS (SELECT 1 FROM events WHERE id = OLD.event_id) THEN RETURN OLD; END IF;
      ELSIF NOT EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session_id) THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION 'decisions are only ever added to' USING ERRCODE = 'insufficient_privilege';
    END
  $$`.execute(db);
  for (const table of ['reviews', 'verdicts', 'rescores']) {
    await sql`CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON ${sql.table(table)}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_decisions()`.execute(db);
    await sql`CREATE TRIGGER kept_with_session BEFORE DELETE ON ${sql.table(table)}
      FOR EACH ROW EXECUTE FUNCTION refuse_lone_delete()`.execute(db);
  }
}
