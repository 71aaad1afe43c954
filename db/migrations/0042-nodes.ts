import { type Kysely, sql } from 'kysely';

/** Processes that serve this database, and which of them owns a session. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE nodes (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    started_at timestamptz NOT NULL,
    heartbeat_at timestamptz NOT NULL
  )`.execute(db);
  await sql`ALTER TABLE sessions
    ADD COLUMN owner_node uuid,
    ADD COLUMN claimed_by text CHECK (claimed_by IN ('connection', 'lease'))`.execute(db);
}
