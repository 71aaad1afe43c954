import type { Executor } from './executor.ts';

/** Deletes sessions with everything that hangs on them. The caller sees to it that none of them runs. */
export async function deleteSessions(ex: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await ex.deleteFrom('events').where('session_id', 'in', ids).execute();
  await ex.deleteFrom('sessions').where('id', 'in', ids).execute();
}
