import { sql } from 'kysely';
import { UNTOLD_EVENTS } from '../protocol/event-types.ts';
import type { Executor } from './executor.ts';

/** Sessions with an event of the type, but for those that their students are not told before a verdict is released. */
export const hasToldEvent = (type: string) => sql<boolean>`EXISTS (
  SELECT FROM events WHERE events.session_id = sessions.id AND events.type = ${type}
    AND NOT (events.source = 'proctor' AND events.type IN (${sql.join(UNTOLD_EVENTS)})))`;

/** In the words of the index. */
const STANDS = sql<boolean>`events.review IS DISTINCT FROM 'dismissed'`;

/** Sessions with an event of the type that no review has dismissed. */
export const hasIncident = (type: string) => sql<boolean>`EXISTS (
  SELECT FROM events WHERE events.session_id = sessions.id AND events.type = ${type} AND ${STANDS})`;

/**
 * Their ids, newest first. One index entry is read of each session, however many events of the type it has.
 * @param below exclusive upper bound; undefined: from the newest
 */
export async function sessionsWithEvent(
  ex: Executor,
  type: string,
  { below, limit }: { readonly below: string | undefined; readonly limit: number },
): Promise<string[]> {
  const bound = below === undefined ? sql`` : sql`AND session_id < ${below}::uuid`;
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE walk AS (
      (SELECT session_id AS id FROM events WHERE type = ${type} AND ${STANDS} ${bound} ORDER BY session_id DESC LIMIT 1)
      UNION ALL
      SELECT next.id FROM walk, LATERAL (
        SELECT session_id AS id FROM events WHERE type = ${type} AND ${STANDS} AND session_id < walk.id
        ORDER BY session_id DESC LIMIT 1) AS next)
    SELECT id FROM walk LIMIT ${limit}`.execute(ex);
  return rows.map(({ id }) => id);
}
