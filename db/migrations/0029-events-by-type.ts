import { type Kysely, sql } from 'kysely';

/** Sessions that have an event of a type: few of many, in lists. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE INDEX events_type ON events (type, session_id)`.execute(db);
}
