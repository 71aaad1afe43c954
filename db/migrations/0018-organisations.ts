import { type Kysely, sql } from 'kysely';

/** Organisations, assignments of staff to exams, and the roles between proctor and admin. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const first = sql.lit('00000000-0000-7000-8000-000000000001');
  await sql`CREATE TABLE organisations (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`INSERT INTO organisations (id, name, created_at) VALUES (${first}, 'Organisation', now())`.execute(db);
  for (const table of ['users', 'exams']) {
    await sql`ALTER TABLE ${sql.table(table)}
      ADD COLUMN organisation_id uuid NOT NULL DEFAULT ${first} REFERENCES organisations`.execute(db);
    await sql`CREATE INDEX ${sql.raw(`${table}_organisation`)} ON ${sql.table(table)} (organisation_id, id)`.execute(
      db,
    );
  }

  await sql`ALTER TABLE users DROP CONSTRAINT users_role_check`.execute(db);
  await sql`ALTER TABLE users ADD CONSTRAINT users_role_check
    CHECK (role IN ('student', 'proctor', 'reviewer', 'manager', 'admin'))`.execute(db);

  // Proctors saw every exam before.
  await sql`ALTER TABLE exams ADD COLUMN staff_access text NOT NULL DEFAULT 'all'
    CHECK (staff_access IN ('assigned', 'all'))`.execute(db);
  await sql`ALTER TABLE exams ALTER COLUMN staff_access SET DEFAULT 'assigned'`.execute(db);

  await sql`CREATE TABLE assignments (
    id uuid PRIMARY KEY,
    exam_id uuid NOT NULL REFERENCES exams,
    user_id uuid NOT NULL REFERENCES users,
    room text,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  // Two indexes: NULLS NOT DISTINCT needs PostgreSQL 15.
  await sql`CREATE UNIQUE INDEX assignments_room ON assignments (user_id, exam_id, room) WHERE room IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE UNIQUE INDEX assignments_exam ON assignments (user_id, exam_id) WHERE room IS NULL`.execute(db);
  await sql`CREATE INDEX assignments_staff ON assignments (exam_id, id)`.execute(db);
  await sql`CREATE INDEX assignments_own ON assignments (user_id, id)`.execute(db);
  await sql`CREATE INDEX assignments_user ON assignments (user_id, exam_id)`.execute(db);
}
