import { type Kysely, sql } from 'kysely';

/** Sampling of calm sessions by exam, and the reviewer to whom a session is given. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The key keeps the draw unpredictable for those who do not read the database, and repeatable for those who do.
  await sql`ALTER TABLE exams
    ADD COLUMN review_sample_percent smallint NOT NULL DEFAULT 0 CHECK (review_sample_percent BETWEEN 0 AND 100),
    ADD COLUMN review_key uuid NOT NULL DEFAULT gen_random_uuid()`.execute(db);
  await sql`CREATE TABLE review_assignments (
    session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    reviewer_id uuid NOT NULL REFERENCES users,
    assigned_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX review_assignments_reviewer ON review_assignments (reviewer_id)`.execute(db);
}
