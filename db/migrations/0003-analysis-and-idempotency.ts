import { type Kysely, sql } from 'kysely';

/** Idempotent session starts; analysis results per minute. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions ADD COLUMN idempotency_key text`.execute(db);
  await sql`CREATE UNIQUE INDEX sessions_idempotency ON sessions (student_id, idempotency_key) WHERE idempotency_key IS NOT NULL`.execute(
    db,
  );

  await sql`CREATE TABLE analysis_minutes (
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    owner_epoch integer NOT NULL,
    minute timestamptz NOT NULL,
    received integer NOT NULL,
    analysed integer NOT NULL,
    dropped jsonb NOT NULL,
    faces_none integer NOT NULL,
    faces_one integer NOT NULL,
    faces_more integer NOT NULL,
    pose_frames integer NOT NULL,
    yaw_sum double precision NOT NULL,
    yaw_squares double precision NOT NULL,
    pitch_sum double precision NOT NULL,
    pitch_squares double precision NOT NULL,
    gaze_frames integer NOT NULL,
    gaze_yaw_sum double precision NOT NULL,
    gaze_yaw_squares double precision NOT NULL,
    gaze_pitch_sum double precision NOT NULL,
    gaze_pitch_squares double precision NOT NULL,
    models jsonb NOT NULL,
    PRIMARY KEY (session_id, owner_epoch, minute)
  )`.execute(db);
}
