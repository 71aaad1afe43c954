import { type Kysely, sql } from 'kysely';

/** Versions of exam policies; enrolments with accommodations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE exam_policies (
    exam_id uuid NOT NULL REFERENCES exams,
    version integer NOT NULL,
    policy jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (exam_id, version)
  )`.execute(db);
  await sql`INSERT INTO exam_policies (exam_id, version, policy, created_by, created_at)
    SELECT id, policy_version, policy, created_by, created_at FROM exams`.execute(db);

  await sql`ALTER TABLE exams ADD COLUMN open_to text NOT NULL DEFAULT 'all' CHECK (open_to IN ('all', 'enrolled'))`.execute(
    db,
  );

  await sql`CREATE TABLE enrolments (
    exam_id uuid NOT NULL REFERENCES exams,
    student_id uuid NOT NULL REFERENCES users,
    extra_minutes integer NOT NULL,
    detection jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (exam_id, student_id)
  )`.execute(db);
  await sql`CREATE INDEX enrolments_student ON enrolments (student_id)`.execute(db);

  // Accommodations applied when the session started; null for none.
  await sql`ALTER TABLE sessions ADD COLUMN accommodations jsonb`.execute(db);
}
