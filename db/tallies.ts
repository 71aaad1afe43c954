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
    for (const { session_id, type, count, weight, seconds } of await addUp(ex, part, counted)) {
      const key = `${session_id} ${type}`;
      const sum = sums.get(key);
      sums.set(
        key,
        sum
          ? { session_id, type, count: sum.count + count, weight: sum.weight + weight, seconds: sum.seconds + seconds }
          : { session_id, type, count, weight, seconds },
      );
    }
  }
  const tallies = [...sums.values()].map((tally) => ({ ...tally, weight: Math.round(tally.weight * 1e9) / 1e9 }));
  return tallies.sort((a, b) => b.weight - a.weight || b.count - a.count || (a.type < b.type ? -1 : 1));
}

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
      COALESCE(sum(event.duration_ms), 0)::double precision / 1000 AS seconds
    FROM json_to_recordset(${JSON.stringify(stretches)}::json) AS stretch(id uuid, after integer, "to" integer)
    JOIN LATERAL (
      SELECT type, weight, duration_ms FROM events
      WHERE session_id = stretch.id AND seq > stretch.after AND seq <= stretch."to" ${condition} LIMIT ${AT_ONCE}) AS event ON true
    GROUP BY stretch.id, event.type`.execute(ex);
  return rows;
}
