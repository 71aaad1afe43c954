import { type Kysely, sql } from 'kysely';

/**
 * Requests to students: the time of the next head turn, so that a restart of the server neither forgets nor repeats it,
 * and the picture of the start. Looks at the room have many pictures, other events one of each kind.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN requests jsonb`.execute(db);
  await sql`ALTER TABLE evidence DROP CONSTRAINT evidence_kind_check`.execute(db);
  await sql`ALTER TABLE evidence ADD CONSTRAINT evidence_kind_check
    CHECK (kind IN ('opened', 'strongest', 'closed', 'start', 'present', 'room'))`.execute(db);
  await sql`ALTER TABLE evidence DROP CONSTRAINT evidence_event_id_kind_key`.execute(db);
  await sql`CREATE UNIQUE INDEX evidence_event_kind ON evidence (event_id, kind) WHERE kind <> 'room'`.execute(db);
  await sql`CREATE INDEX evidence_event ON evidence (event_id)`.execute(db);
}
