import { type Kysely, sql } from 'kysely';

/**
 * Attention of a running session changes without a write, so that no index can order it: indexes are of ended sessions.
 * The level is that of their value, under their own policy.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN attention_level text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN attention <= 0 THEN 'calm'
      WHEN attention >= coalesce((policy #>> '{attention,high}')::double precision, 40) THEN 'high'
      WHEN attention >= coalesce((policy #>> '{attention,watch}')::double precision, 15) THEN 'watch'
      ELSE 'calm' END) STORED`.execute(db);
  await sql`DROP INDEX sessions_attention`.execute(db);
  await sql`DROP INDEX sessions_not_calm`.execute(db);
  await sql`CREATE INDEX sessions_ended_attention ON sessions (attention DESC, id DESC) WHERE status = 'ended'`.execute(
    db,
  );
  await sql`CREATE INDEX sessions_ended_not_calm ON sessions (attention DESC, id DESC)
    WHERE status = 'ended' AND NOT calm`.execute(db);
  await sql`CREATE INDEX sessions_ended_attention_level ON sessions (attention_level, id) WHERE status = 'ended'`.execute(
    db,
  );
}
