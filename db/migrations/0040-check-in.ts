import { type Kysely, sql } from 'kysely';

/** Check-in before an exam: pictures that people look at, the waiting room, and the decisions of staff. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE check_ins (
    id uuid PRIMARY KEY,
    exam_id uuid NOT NULL REFERENCES exams ON DELETE CASCADE,
    student_id uuid NOT NULL REFERENCES users,
    session_id uuid UNIQUE REFERENCES sessions ON DELETE CASCADE,
    room text,
    state text NOT NULL CHECK (state IN ('collecting', 'waiting', 'held', 'admitted', 'refused', 'withdrawn')),
    revision integer NOT NULL,
    wants jsonb NOT NULL,
    retake jsonb NOT NULL,
    uploads integer NOT NULL,
    opened_at timestamptz NOT NULL,
    since timestamptz NOT NULL,
    closed_at timestamptz,
    erase_at timestamptz NOT NULL,
    erased_at timestamptz,
    delete_at timestamptz NOT NULL,
    CHECK (session_id IS NULL OR (state = 'admitted' AND closed_at IS NOT NULL)),
    CHECK (state <> 'withdrawn' OR closed_at IS NOT NULL)
  )`.execute(db);
  await sql`CREATE UNIQUE INDEX check_ins_open ON check_ins (exam_id, student_id) WHERE closed_at IS NULL`.execute(db);
  await sql`CREATE INDEX check_ins_exam ON check_ins (exam_id, id)`.execute(db);
  await sql`CREATE INDEX check_ins_exam_state ON check_ins (exam_id, state, since, id)`.execute(db);
  await sql`CREATE INDEX check_ins_open_state ON check_ins (state, since, id) WHERE closed_at IS NULL`.execute(db);
  await sql`CREATE INDEX check_ins_open_newest ON check_ins (id) WHERE closed_at IS NULL`.execute(db);
  await sql`CREATE INDEX check_ins_student ON check_ins (student_id, opened_at)`.execute(db);
  await sql`CREATE INDEX check_ins_erase ON check_ins (erase_at) WHERE erased_at IS NULL`.execute(db);
  await sql`CREATE INDEX check_ins_delete ON check_ins (delete_at) WHERE session_id IS NULL`.execute(db);

  await sql`CREATE TABLE check_in_pictures (
    id uuid PRIMARY KEY,
    check_in_id uuid NOT NULL REFERENCES check_ins ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('photo', 'document', 'room')),
    at timestamptz NOT NULL,
    bytes integer NOT NULL,
    digest bytea NOT NULL,
    object_key text NOT NULL UNIQUE,
    wrapped_key bytea NOT NULL,
    submitted boolean NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX check_in_pictures_of ON check_in_pictures (check_in_id, at)`.execute(db);
  await sql`CREATE UNIQUE INDEX check_in_pictures_single ON check_in_pictures (check_in_id, kind) WHERE kind <> 'room'`.execute(
    db,
  );

  await sql`CREATE TABLE check_in_decisions (
    id uuid PRIMARY KEY,
    check_in_id uuid NOT NULL REFERENCES check_ins ON DELETE CASCADE,
    decision text NOT NULL CHECK (decision IN ('admit', 'hold', 'refuse', 'reopen')),
    reason text,
    reason_salt bytea,
    retake jsonb NOT NULL,
    shown jsonb NOT NULL,
    missing jsonb NOT NULL,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    key_digest bytea,
    body_digest bytea,
    CHECK ((reason IS NULL) = (reason_salt IS NULL)),
    CHECK (reason IS NOT NULL OR decision = 'admit'),
    CHECK ((key_digest IS NULL) = (body_digest IS NULL))
  )`.execute(db);
  await sql`CREATE INDEX check_in_decisions_of ON check_in_decisions (check_in_id, id)`.execute(db);
  await sql`CREATE UNIQUE INDEX check_in_decisions_key ON check_in_decisions (key_digest) WHERE key_digest IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON check_in_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_decisions()`.execute(db);
  await sql`CREATE FUNCTION refuse_lone_delete_of_check_in() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM check_ins WHERE id = OLD.check_in_id) THEN RETURN OLD; END IF;
      RAISE EXCEPTION 'decisions are only ever added to' USING ERRCODE = 'insufficient_privilege';
    END
  $$`.execute(db);
  await sql`CREATE TRIGGER kept_with_check_in BEFORE DELETE ON check_in_decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_lone_delete_of_check_in()`.execute(db);
}
