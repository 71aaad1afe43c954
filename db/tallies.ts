import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Totals of one event type in one session. */
export interface Tally {
  readonly session_id: string;
  readonly type: string;
  readonly count: number;
  readonly weight: number;
  /** Total duration, seconds. */
  readonly seconds: number;
  /** Those dismissed by a review. */
  readonly dismissed: number;
  /** Minutes by which proctors extended the session; 0 for other types. */
  readonly minutes: number;
}

/** Events summed per statement. */
const AT_ONCE = 2000;

/** Range of events of a session: after one sequence number, up to and including another. */
interface Stretch {
  readonly id: string;
  readonly after: number;
  readonly to: number;
}

/**
 * Largest weight first. `counted`: only events that contribute to the reviewed score. Long sessions are summed in
 * ranges, each a short statement.
 */
export async function tallyEvents(
  ex: Executor,
  sessions: readonly string[],
  { counted = false } = {},
): Promise<Tally[]> {
  if (sessions.length === 0) return [];
  const sums = new Map<string, Tally>();
  for (const part of together(await stretchesOf(ex, sessions))) {
    for (const tally of await addUp(ex, part, counted)) {
      const key = `${tally.session_id} ${tally.type}`;
      const sum = sums.get(key);
      sums.set(key, sum ? plus(sum, tally) : tally);
    }
  }
  const tallies = [...sums.values()].map((tally) => ({ ...tally, weight: Math.round(tally.weight * 1e9) / 1e9 }));
  return tallies.sort((a, b) => b.weight - a.weight || b.count - a.count || (a.type < b.type ? -1 : 1));
}

const plus = (sum: Tally, { count, weight, seconds, dismissed, minutes }: Tally): Tally => ({
  ...sum,
  count: sum.count + count,
  weight: sum.weight + weight,
  seconds: sum.seconds + seconds,
  dismissed: sum.dismissed + dismissed,
  minutes: sum.minutes + minutes,
});

async function stretchesOf(ex: Executor, sessions: readonly string[]): Promise<Stretch[]> {
  const { rows } = await sql<{ id: string; last: number | null }>`
    SELECT wanted.id, (SELECT seq FROM events WHERE session_id = wanted.id ORDER BY seq DESC LIMIT 1) AS last
    FROM (SELECT value::uuid AS id FROM json_array_elements_text(${JSON.stringify(sessions)}::json) AS value) AS wanted`.execute(
    ex,
  );
  return rows.flatMap(({ id, last }) =>
    Array.from({ length: Math.ceil((last ?? 0) / AT_ONCE) }, (_, n) => ({
      id,
      after: n * AT_ONCE,
      to: Math.min(last!, (n + 1) * AT_ONCE),
    })),
  );
}

/** Short sessions share a statement. */
function together(stretches: readonly Stretch[]): Stretch[][] {
  const parts: Stretch[][] = [];
  let events = Infinity;
  for (const stretch of stretches) {
    const length = stretch.to - stretch.after;
    if (events + length > AT_ONCE) {
      parts.push([]);
      events = 0;
    }
    events += length;
    parts.at(-1)!.push(stretch);
  }
  return parts;
}

async function addUp(ex: Executor, stretches: readonly Stretch[], counted: boolean): Promise<Tally[]> {
  const condition = counted ? sql`AND weight > 0 AND review IS DISTINCT FROM 'dismissed'` : sql``;
  const { rows } = await sql<Tally>`
    SELECT stretch.id AS session_id, event.type, count(*)::integer AS count, sum(event.weight)::double precision AS weight,
      COALESCE(sum(event.duration_ms), 0)::double precision / 1000 AS seconds,
      (count(*) FILTER (WHERE event.review = 'dismissed'))::integer AS dismissed,
      COALESCE(sum(event.minutes), 0)::integer AS minutes
    FROM json_to_recordset(${JSON.stringify(stretches)}::json) AS stretch(id uuid, after integer, "to" integer)
    JOIN LATERAL (
      SELECT type, weight, duration_ms, review,
        CASE WHEN type = 'SESSION_EXTENDED' THEN (details ->> 'minutes')::integer END AS minutes
      FROM events
      WHERE session_id = stretch.id AND seq > stretch.after AND seq <= stretch."to" ${condition} LIMIT ${AT_ONCE}) AS event ON true
    GROUP BY stretch.id, event.type`.execute(ex);
  return rows;
}
