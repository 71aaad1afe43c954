import { type Kysely, sql } from 'kysely';

/** Device, network and client of sessions, as digests. Sessions that run begin with their next connection. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN client_origin jsonb`.execute(db);
}
