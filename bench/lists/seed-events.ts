import { sql } from 'kysely';
import type { Db } from '../../db/executor.ts';

/** Events of each session. */
const EVENTS = 20;
/** Sessions per statement. */
const AT_ONCE = 500;

/**
 * Events of all sessions, 20 of each: signals of the browser, incidents of the camera, gaps of the connection; in one of
 * 50 sessions a copy, and in one of 200 a frozen video. Nobody cuts anything.
 * @returns their number
 */
export async function seedEvents(db: Db): Promise<number> {
  let count = 0;
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<{ last: string | null; inserted: number }>`
      WITH some_sessions AS (
        SELECT id, started_at, row_number() OVER (ORDER BY id) AS n
        FROM sessions WHERE id > ${after}::uuid ORDER BY id LIMIT ${AT_ONCE}),
      event AS (
        SELECT session.*, seq, CASE
            WHEN seq = 1 AND n % 50 = 0 THEN 'COPY' WHEN seq = 2 AND n % 200 = 0 THEN 'FROZEN_VIDEO'
            WHEN seq % 4 = 0 THEN 'LOOKING_AWAY' WHEN seq % 4 = 1 THEN 'TAB_SWITCH'
            WHEN seq % 4 = 2 THEN 'NO_FACE' ELSE 'CONNECTION_LOST' END AS type
        FROM some_sessions AS session, generate_series(1, ${EVENTS}::integer) AS seq),
      stored AS (
        INSERT INTO events (id, session_id, seq, change_offset, type, source, severity, weight, started_at, ended_at, duration_ms, details)
        SELECT gen_random_uuid(), id, seq, seq, type,
          CASE WHEN type IN ('COPY', 'TAB_SWITCH') THEN 'client' WHEN type = 'CONNECTION_LOST' THEN 'server' ELSE 'vision' END,
          'Low', 0, started_at + seq * interval '1 minute', started_at + seq * interval '1 minute' + interval '8 seconds', 8000, '{}'
        FROM event RETURNING 1)
      SELECT (SELECT id FROM some_sessions ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::integer FROM stored) AS inserted`.execute(
      db,
    );
    const [row] = rows;
    if (!row || row.last === null) {
      await sql`ANALYZE events`.execute(db);
      return count;
    }
    count += row.inserted;
    after = row.last;
  }
}
