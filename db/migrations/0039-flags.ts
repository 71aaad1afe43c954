import { type Kysely, sql } from 'kysely';

/** Flags of staff: categories of an exam, and the picture that a person keeps. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE flag_categories (
    exam_id uuid PRIMARY KEY REFERENCES exams ON DELETE CASCADE,
    categories jsonb NOT NULL
  )`.execute(db);
  await sql`ALTER TABLE evidence DROP CONSTRAINT evidence_kind_check`.execute(db);
  await sql`ALTER TABLE evidence ADD CONSTRAINT evidence_kind_check
    CHECK (kind IN ('opened', 'strongest', 'closed', 'start', 'present', 'room', 'snapshot'))`.execute(db);
}
