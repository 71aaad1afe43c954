import { type Kysely, sql } from 'kysely';

/** Numbered attempts, readmissions, and exams that open and close at their times. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Exams stored before had no limit of attempts and did not close at their end, and keep it so.
  await sql`ALTER TABLE exams
    ADD COLUMN max_attempts integer CHECK (max_attempts >= 1),
    ADD COLUMN late_start_minutes integer CHECK (late_start_minutes >= 0),
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN active_since timestamptz`.execute(db);
  await sql`CREATE INDEX exams_opening ON exams (starts_at) WHERE status = 'scheduled'`.execute(db);
  await sql`CREATE INDEX exams_closing ON exams (ends_at) WHERE status = 'active'`.execute(db);

  await sql`ALTER TABLE sessions
    ADD COLUMN attempt integer NOT NULL DEFAULT 1,
    ADD COLUMN time_from timestamptz`.execute(db);
  await sql`UPDATE sessions SET attempt = numbered.attempt
    FROM (SELECT id, row_number() OVER (PARTITION BY exam_id, student_id ORDER BY started_at, id)::integer AS attempt
      FROM sessions) AS numbered
    WHERE numbered.id = sessions.id AND numbered.attempt > 1`.execute(db);
  await sql`CREATE UNIQUE INDEX sessions_attempt ON sessions (exam_id, student_id, attempt)`.execute(db);

  await sql`CREATE TABLE readmissions (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    exam_id uuid NOT NULL REFERENCES exams ON DELETE CASCADE,
    student_id uuid NOT NULL REFERENCES users,
    kind text NOT NULL CHECK (kind IN ('continue', 'new')),
    reason text NOT NULL,
    reason_salt bytea NOT NULL,
    extra_minutes integer NOT NULL CHECK (extra_minutes >= 0),
    until timestamptz,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    used_session_id uuid REFERENCES sessions ON DELETE SET NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid REFERENCES users
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX readmissions_pending ON readmissions (exam_id, student_id)
    WHERE used_at IS NULL AND withdrawn_at IS NULL`.execute(db);
  await sql`CREATE INDEX readmissions_session ON readmissions (session_id)`.execute(db);
  await sql`CREATE INDEX readmissions_used ON readmissions (used_session_id)`.execute(db);
}
