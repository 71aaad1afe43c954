import { type Kysely, sql } from 'kysely';

/** Pictures of incidents: their location and their sessions' keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE session_keys (
    session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    wrapped_key bytea NOT NULL
  )`.execute(db);

  await sql`CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('opened', 'strongest', 'closed')),
    at timestamptz NOT NULL,
    bytes integer NOT NULL,
    digest bytea NOT NULL,
    object_key text NOT NULL UNIQUE,
    UNIQUE (event_id, kind)
  )`.execute(db);
  await sql`CREATE INDEX evidence_session ON evidence (session_id)`.execute(db);

  // Students consented to existing exams without pictures: these store them only from a new policy version on that
  // enables it.
  for (const table of ['exams', 'exam_policies', 'sessions']) {
    await sql`UPDATE ${sql.table(table)} SET policy = policy || '{"evidence": {"keep": false}}'::jsonb WHERE NOT policy ? 'evidence'`.execute(
      db,
    );
  }
}
