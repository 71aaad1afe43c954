import { type Kysely, sql } from 'kysely';

/** Rooms or groups of enrolled students. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['enrolments', 'sessions'])
    await sql`ALTER TABLE ${sql.table(table)} ADD COLUMN room text`.execute(db);
}
