import { sql } from 'kysely';
import { deleteSessions } from './delete-sessions.ts';
import type { Executor } from './executor.ts';

/**
 * Deletes sessions, with all their events, whose policy's retention is over.
 * @returns the sessions that are gone
 */
export async function deleteExpiredSessions(ex: Executor, now: Date, limit: number): Promise<string[]> {
  const expired = await sql<{ id: string }>`
    SELECT id FROM sessions
    WHERE status = 'ended' AND ended_at + make_interval(days => (policy->>'retentionDays')::integer) <= ${now}
    ORDER BY ended_at LIMIT ${limit}`.execute(ex);
  const ids = expired.rows.map((row) => row.id);
  await deleteSessions(ex, ids);
  return ids;
}
