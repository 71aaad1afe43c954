import { type Kysely, sql } from 'kysely';

/** Indexes for lists and sweeps that select few of many rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Only few events of a session are open at a time, and few come from the models.
  await sql`CREATE INDEX events_open ON events (session_id) WHERE ended_at IS NULL`.execute(db);
  await sql`CREATE INDEX events_incidents ON events (session_id, seq) WHERE source = 'vision'`.execute(db);
  await sql`CREATE INDEX sessions_exam ON sessions (exam_id, id)`.execute(db);
  await sql`CREATE INDEX sessions_reviewed ON sessions (reviewed_score, id)`.execute(db);
  await sql`CREATE INDEX users_admins ON users (id) WHERE role = 'admin' AND disabled_at IS NULL`.execute(db);
  await sql`CREATE INDEX audit_queue_entry ON audit_queue (entry_id)`.execute(db);
}
