import { type Kysely, sql } from 'kysely';

/** The student's straight pose, so that a restart of the server does not measure it anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN baseline jsonb`.execute(db);
}
