import { type Kysely, sql } from 'kysely';

/** Accounts, exams, sessions, events and used tickets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('student', 'proctor', 'admin')),
    password_hash text NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`.execute(db);

  await sql`CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY,
    family_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users,
    parent_id uuid,
    token_hash bytea NOT NULL UNIQUE,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id)`.execute(db);
  await sql`CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id)`.execute(db);

  await sql`CREATE TABLE exams (
    id uuid PRIMARY KEY,
    title text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    duration_minutes integer,
    status text NOT NULL CHECK (status IN ('draft', 'scheduled', 'active', 'completed', 'archived')),
    policy jsonb NOT NULL,
    policy_version integer NOT NULL,
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);

  await sql`CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    exam_id uuid NOT NULL REFERENCES exams,
    student_id uuid NOT NULL REFERENCES users,
    status text NOT NULL CHECK (status IN ('active', 'paused', 'ended')),
    end_reason text,
    policy jsonb NOT NULL,
    policy_version integer NOT NULL,
    started_at timestamptz NOT NULL,
    deadline timestamptz,
    ended_at timestamptz,
    owner_epoch integer NOT NULL DEFAULT 0,
    risk_score double precision NOT NULL DEFAULT 0,
    rolling_risk double precision NOT NULL DEFAULT 0,
    rolling_at timestamptz NOT NULL,
    risk_level text NOT NULL DEFAULT 'Low',
    last_seq integer NOT NULL DEFAULT 0,
    last_offset integer NOT NULL DEFAULT 0,
    last_frame_at timestamptz,
    last_seen_at timestamptz
  )`.execute(db);
  // One running session per student and exam, enforced by the database.
  await sql`CREATE UNIQUE INDEX sessions_one_attempt ON sessions (exam_id, student_id) WHERE status <> 'ended'`.execute(
    db,
  );
  await sql`CREATE INDEX sessions_student ON sessions (student_id)`.execute(db);
  await sql`CREATE INDEX sessions_deadline ON sessions (deadline) WHERE status <> 'ended'`.execute(db);

  await sql`CREATE TABLE events (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions,
    seq integer NOT NULL,
    change_offset integer NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    severity text NOT NULL,
    weight double precision NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    duration_ms integer,
    confidence double precision,
    details jsonb NOT NULL,
    review text,
    stream uuid,
    client_seq integer,
    body_digest text,
    UNIQUE (session_id, seq)
  )`.execute(db);
  await sql`CREATE INDEX events_changes ON events (session_id, change_offset)`.execute(db);
  // Exactly once: a repeated signal cannot become a second row.
  await sql`CREATE UNIQUE INDEX events_signals ON events (session_id, stream, client_seq) WHERE stream IS NOT NULL`.execute(
    db,
  );

  await sql`CREATE TABLE used_tickets (
    id uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE INDEX used_tickets_expiry ON used_tickets (expires_at)`.execute(db);
}
