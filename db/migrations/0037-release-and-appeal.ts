import { type Kysely, sql } from 'kysely';

/**
 * Steps after a verdict: release to the student, their answer, their appeal and its outcome, all append-only. Until now
 * a verdict was shown when it was given; that is recorded as its release, without periods.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE verdict_releases (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    verdict_id uuid NOT NULL UNIQUE REFERENCES verdicts ON DELETE CASCADE,
    events jsonb NOT NULL,
    answer_until timestamptz,
    appeal_until timestamptz,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE TABLE verdict_answers (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    release_id uuid NOT NULL UNIQUE REFERENCES verdict_releases ON DELETE CASCADE,
    text text NOT NULL,
    text_salt bytea NOT NULL,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE TABLE appeals (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    release_id uuid NOT NULL UNIQUE REFERENCES verdict_releases ON DELETE CASCADE,
    text text NOT NULL,
    text_salt bytea NOT NULL,
    created_at timestamptz NOT NULL
  )`.execute(db);
  await sql`CREATE TABLE appeal_outcomes (
    id uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    appeal_id uuid NOT NULL UNIQUE REFERENCES appeals ON DELETE CASCADE,
    outcome text NOT NULL CHECK (outcome IN ('upheld', 'changed', 'withdrawn')),
    verdict_id uuid REFERENCES verdicts ON DELETE CASCADE,
    reason text,
    reason_salt bytea,
    by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    CHECK ((outcome = 'changed') = (verdict_id IS NOT NULL)),
    CHECK ((outcome = 'withdrawn') = (reason IS NULL)),
    CHECK ((reason IS NULL) = (reason_salt IS NULL))
  )`.execute(db);
  for (const table of ['verdict_releases', 'verdict_answers', 'appeals', 'appeal_outcomes']) {
    await sql`CREATE INDEX ${sql.id(`${table}_session`)} ON ${sql.table(table)} (session_id, id)`.execute(db);
    await sql`CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON ${sql.table(table)}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_decisions()`.execute(db);
    await sql`CREATE TRIGGER kept_with_session BEFORE DELETE ON ${sql.table(table)}
      FOR EACH ROW EXECUTE FUNCTION refuse_lone_delete()`.execute(db);
  }
  await sql`CREATE INDEX appeal_outcomes_verdict ON appeal_outcomes (verdict_id)`.execute(db);

  await sql`CREATE TABLE verdict_states (
    session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('provisional', 'released', 'answered', 'appealed', 'closed')),
    verdict_id uuid NOT NULL REFERENCES verdicts ON DELETE CASCADE,
    shown_verdict_id uuid REFERENCES verdicts ON DELETE CASCADE,
    release_id uuid REFERENCES verdict_releases ON DELETE CASCADE,
    officer_id uuid REFERENCES users,
    since timestamptz NOT NULL,
    due_at timestamptz
  )`.execute(db);
  await sql`CREATE INDEX verdict_states_state ON verdict_states (state, session_id)`.execute(db);
  await sql`CREATE INDEX verdict_states_officer ON verdict_states (officer_id, session_id)`.execute(db);
  await sql`CREATE INDEX verdict_states_due ON verdict_states (due_at) WHERE due_at IS NOT NULL`.execute(db);

  await sql`INSERT INTO verdict_releases (id, session_id, verdict_id, events, by, created_at)
    SELECT DISTINCT ON (session_id) id, session_id, id, '[]', by, created_at
    FROM verdicts ORDER BY session_id, id DESC`.execute(db);
  await sql`INSERT INTO verdict_states (session_id, state, verdict_id, shown_verdict_id, release_id, since)
    SELECT session_id, 'released', verdict_id, verdict_id, id, created_at FROM verdict_releases`.execute(db);
}
