import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Events of one type in one session. */
export interface Tally {
  readonly session_id: string;
  readonly type: string;
  readonly count: number;
  readonly weight: number;
  /** How long they lasted, together. */
  readonly seconds: number;
}

/** Largest weight first. `counted`: only what makes up the reviewed scores. */
export async function tallyEvents(ex: Executor, sessions: readonly string[], { counted = false } = {}): Promise<Tally[]> {
  if (sessions.length === 0) return [];
  const condition = counted ? sql`AND weight > 0 AND review IS DISTINCT FROM 'dismissed'` : sql``;
  const { rows } = await sql<Tally>`
    SELECT session_id, type, count(*)::integer AS count, round(sum(weight)::numeric, 9)::double precision AS weight,
      COALESCE(sum(duration_ms), 0)::double precision / 1000 AS seconds
    FROM events WHERE session_id IN (${sql.join(sessions)}) ${condition}
    GROUP BY session_id, type ORDER BY weight DESC, count DESC, type`.execute(ex);
  return rows;
}
