import { type Kysely, sql } from 'kysely';

/** Lists and sweeps find what they show by an index, however many rows there are that they do not show. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Few of a session's events last at any moment, and few are the models'.
  await sql`CREATE INDEX events_open ON events (session_id) WHERE ended_at IS NULL`.execute(db);
  await sql`CREATE INDEX events_incidents ON events (session_id, seq) WHERE source = 'vision'`.execute(db);
  await sql`CREATE INDEX sessions_exam ON sessions (exam_id, id)`.execute(db);
  await sql`CREATE INDEX sessions_reviewed ON sessions (reviewed_score, id)`.execute(db);
  await sql`CREATE INDEX users_admins ON users (id) WHERE role = 'admin' AND disabled_at IS NULL`.execute(db);
  await sql`CREATE INDEX audit_queue_entry ON audit_queue (entry_id)`.execute(db);
}
