import { sql } from 'kysely';
import type { Db } from '../../db/executor.ts';
import { SECURITY_ID } from '../../protocol/http/audit.ts';

/** Entries of events of each session: most of a log. */
const OF_EVENTS = 14;

/** Sessions per statement. */
const AT_ONCE = 500;

/**
 * Entries of the audit log about all sessions, 20 of each: start, events, watching, a picture, verdict, end, login. For
 * searches only: they have no hashes.
 * @returns their number
 */
export async function seedLog(db: Db, proctors: readonly string[]): Promise<number> {
  const actors = JSON.stringify(proctors);
  for (let after = '00000000-0000-0000-0000-000000000000', count = 0; ;) {
    const { rows } = await sql<{ last: string | null; inserted: number }>`
      WITH some_sessions AS (
        SELECT id, exam_id, student_id, started_at, row_number() OVER (ORDER BY id) AS n
        FROM sessions WHERE id > ${after}::uuid ORDER BY id LIMIT ${AT_ONCE}),
      kinds(type, kind, first, last) AS (VALUES
        ('SESSION_STARTED', NULL, 1, 1), ('EVENTS_STORED', NULL, 2, ${1 + OF_EVENTS}::integer), ('SECURITY', 'camera_watched', 16, 16),
        ('EVIDENCE_VIEWED', NULL, 17, 17), ('VERDICT_GIVEN', NULL, 18, 18), ('SESSION_ENDED', NULL, 19, 19), ('SECURITY', 'login', 20, 20)),
      entry AS (
        SELECT session.*, kinds.*, place, ((${actors}::json) ->> (session.n % ${proctors.length}::bigint)::integer)::uuid AS proctor
        FROM some_sessions AS session, kinds, generate_series(kinds.first, kinds.last) AS place),
      stored AS (
        INSERT INTO audit_entries (id, entity_type, entity_id, position, event_type, actor, at, payload, salt, digest, prev_hash, hash)
        SELECT gen_random_uuid(), CASE type WHEN 'SECURITY' THEN 'system' ELSE 'session' END,
          CASE type WHEN 'SECURITY' THEN ${SECURITY_ID}::uuid ELSE id END,
          CASE type WHEN 'SECURITY' THEN ${count}::integer * 2 + n * 2 + (place / 20) ELSE place END, type,
          CASE WHEN type IN ('EVENTS_STORED', 'SESSION_ENDED') THEN NULL WHEN type = 'SESSION_STARTED' OR kind = 'login' THEN student_id ELSE proctor END,
          started_at + place * interval '2 minutes',
          convert_to(CASE type
            WHEN 'SECURITY' THEN format('{"kind":"%s","target":"%s","count":1}', kind, id)
            WHEN 'SESSION_STARTED' THEN format('{"examId":"%s","policyVersion":1}', exam_id)
            WHEN 'EVENTS_STORED' THEN format('{"events":[{"seq":%s,"offset":%s,"digest":"%s"}]}', place, place, repeat('x', 43))
            ELSE '{"verdict":"no_concern"}' END, 'UTF8'),
          '', '', '', '' FROM entry RETURNING 1)
      SELECT (SELECT id FROM some_sessions ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::integer FROM stored) AS inserted`.execute(
      db,
    );
    const [row] = rows;
    if (!row || row.last === null) {
      await sql`ANALYZE audit_entries`.execute(db);
      return count * 20;
    }
    count += row.inserted / 20;
    after = row.last;
  }
}
