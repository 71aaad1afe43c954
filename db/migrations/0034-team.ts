import { type Kysely, sql } from 'kysely';

/** Staff at work on a session: who has seen it, who has taken it, and their internal notes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE session_team (
    session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    version integer NOT NULL,
    seen_by uuid REFERENCES users,
    seen_at timestamptz,
    seen_attention double precision,
    claimed_by uuid REFERENCES users,
    claimed_at timestamptz,
    claimed_from uuid REFERENCES users,
    notes integer NOT NULL,
    CHECK ((seen_by IS NULL) = (seen_at IS NULL) AND (seen_by IS NULL) = (seen_attention IS NULL)),
    CHECK ((claimed_by IS NULL) = (claimed_at IS NULL))
  )`.execute(db);
  await sql`CREATE TABLE session_notes (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    by uuid NOT NULL REFERENCES users,
    text text NOT NULL,
    salt bytea NOT NULL,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX session_notes_session ON session_notes (session_id, id)`.execute(db);
}
