import { type Kysely, sql } from 'kysely';

/** Attention of sessions. Those that have ended before keep 0 until a person decides about an event of theirs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions
    ADD COLUMN attention double precision NOT NULL DEFAULT 0,
    ADD COLUMN attention_state jsonb`.execute(db);
  await sql`ALTER TABLE rescores ADD COLUMN attention jsonb`.execute(db);
  await sql`CREATE INDEX sessions_running ON sessions (id) WHERE status <> 'ended'`.execute(db);
  await sql`CREATE INDEX sessions_attention ON sessions (attention DESC, id DESC)`.execute(db);
}
