import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/** Rows deleted per statement. */
const AT_ONCE = 1000;

/**
 * Deletes sessions with everything that references them by foreign key. The caller ensures that none is running.
 * @returns the deleted sessions
 */
export async function deleteSessions(ex: Executor, ids: readonly string[]): Promise<string[]> {
  const deleted: string[] = [];
  for (const id of ids) {
    await deleteEvents(ex, id);
    const row = await ex.deleteFrom('sessions').where('id', '=', id).returning('id').executeTakeFirst();
    if (row) deleted.push(row.id);
  }
  return deleted;
}

/** In batches, so that each statement is short. */
async function deleteEvents(ex: Executor, session: string): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ deleted: number }>`
      WITH deleted AS (
        DELETE FROM events WHERE session_id = ${session}::uuid AND seq <= (
          SELECT max(seq) FROM (SELECT seq FROM events WHERE session_id = ${session}::uuid ORDER BY seq LIMIT ${AT_ONCE}) AS first)
        RETURNING 1)
      SELECT count(*)::integer AS deleted FROM deleted`.execute(ex);
    if ((rows[0]?.deleted ?? 0) < AT_ONCE) return;
  }
}
