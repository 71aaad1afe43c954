import { sql } from 'kysely';
import { deleteSessions } from './delete-sessions.ts';
import type { Executor } from './executor.ts';

/** Sessions whose policy's retention is over, but not those of `except`; the oldest first. */
export async function findExpiredSessions(ex: Executor, now: Date, limit: number, except: readonly string[] = []): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sessions
    WHERE status = 'ended' AND ended_at + make_interval(days => (policy->>'retentionDays')::integer) <= ${now}
      AND id <> ALL (${except}::uuid[])
    ORDER BY ended_at LIMIT ${limit}`.execute(ex);
  return rows.map((row) => row.id);
}

/**
 * Deletes sessions, with all their events, whose policy's retention is over.
 * @returns the sessions that are gone
 */
export async function deleteExpiredSessions(ex: Executor, now: Date, limit: number): Promise<string[]> {
  const ids = await findExpiredSessions(ex, now, limit);
  await deleteSessions(ex, ids);
  return ids;
}
