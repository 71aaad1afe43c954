import { type Kysely, sql } from 'kysely';

/**
 * Time of the pause, which is added to the deadline when it ends. Sessions that are paused during the upgrade were
 * paused at their last such event.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN paused_at timestamptz`.execute(db);
  await sql`UPDATE sessions SET paused_at = coalesce(
    (SELECT max(started_at) FROM events WHERE session_id = sessions.id AND type = 'SESSION_PAUSED'), now())
    WHERE status = 'paused'`.execute(db);
  await sql`CREATE INDEX sessions_paused ON sessions (paused_at) WHERE status = 'paused'`.execute(db);
}
