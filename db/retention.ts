import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/**
 * Deletes sessions, with all their events, whose policy's retention is over.
 * @returns how many sessions are gone
 */
export async function deleteExpiredSessions(ex: Executor, now: Date, limit: number): Promise<number> {
  const expired = await sql<{ id: string }>`
    SELECT id FROM sessions
    WHERE status = 'ended' AND ended_at + make_interval(days => (policy->>'retentionDays')::integer) <= ${now}
    ORDER BY ended_at LIMIT ${limit}`.execute(ex);
  const ids = expired.rows.map((row) => row.id);
  if (ids.length === 0) return 0;
  await ex.deleteFrom('events').where('session_id', 'in', ids).execute();
  await ex.deleteFrom('sessions').where('id', 'in', ids).execute();
  return ids.length;
}
