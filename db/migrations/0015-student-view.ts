import { type Kysely, sql } from 'kysely';

/** Policies stored before `studentView` get its default. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['exams', 'exam_policies', 'sessions']) {
    await sql`UPDATE ${sql.table(table)} SET policy = policy || '{"studentView": "events"}'::jsonb WHERE NOT policy ? 'studentView'`.execute(
      db,
    );
  }
}
