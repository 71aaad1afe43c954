import { type Kysely, sql } from 'kysely';

/** Rooms are found in upper and lower case alike. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX sessions_ended_room`.execute(db);
  await sql`CREATE INDEX sessions_ended_room ON sessions (lower(room), id) WHERE status = 'ended'`.execute(db);
}
