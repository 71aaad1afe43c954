import { type Kysely, sql } from 'kysely';

/**
 * An index for each filter of lists of sessions, so that one without a hit reads no other session. They cover ended
 * sessions: rows of running ones are rewritten often, and are few.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sessions
    ADD COLUMN review_state text NOT NULL DEFAULT 'none' CHECK (review_state IN ('none', 'begun', 'done')),
    ADD COLUMN review_draw smallint NOT NULL
      DEFAULT (('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint % 10000),
    ADD COLUMN calm boolean NOT NULL GENERATED ALWAYS AS (
      attention < coalesce((policy #>> '{attention,watch}')::double precision, 15)
      AND round((risk_score - dismissed_weight)::numeric, 9)::double precision
        < (policy #>> '{levels,medium}')::double precision) STORED`.execute(db);
  // Samples that were drawn before stay.
  await sql`UPDATE sessions SET
    review_state = CASE WHEN EXISTS (SELECT FROM verdicts WHERE session_id = sessions.id) THEN 'done'
      WHEN EXISTS (SELECT FROM reviews WHERE session_id = sessions.id) THEN 'begun' ELSE 'none' END,
    review_draw = ('x' || left(encode(sha256(convert_to(exams.review_key::text || sessions.id::text, 'UTF8')), 'hex'), 8)
      )::bit(32)::bigint % 10000
    FROM exams WHERE exams.id = sessions.exam_id`.execute(db);
  await sql`ALTER TABLE exams DROP COLUMN review_key`.execute(db);

  for (const column of ['end_reason', 'started_at', 'risk_level', 'room', 'review_state'])
    await sql`CREATE INDEX ${sql.ref(`sessions_ended_${column}`)} ON sessions (${sql.ref(column)}, id)
      WHERE status = 'ended'`.execute(db);
  await sql`CREATE INDEX sessions_to_review ON sessions (id)
    WHERE status = 'ended' AND review_state <> 'done' AND NOT calm`.execute(db);
  await sql`CREATE INDEX sessions_to_sample ON sessions (exam_id, review_draw)
    WHERE status = 'ended' AND review_state <> 'done' AND calm`.execute(db);
  await sql`CREATE INDEX sessions_not_calm ON sessions (attention DESC, id DESC) WHERE NOT calm`.execute(db);
  await sql`DROP INDEX events_type`.execute(db);
  await sql`CREATE INDEX events_type ON events (type, session_id)
    WHERE review IS DISTINCT FROM 'dismissed'`.execute(db);
  await sql`DROP INDEX review_assignments_reviewer`.execute(db);
  await sql`CREATE INDEX review_assignments_reviewer ON review_assignments (reviewer_id, session_id)`.execute(db);
}
