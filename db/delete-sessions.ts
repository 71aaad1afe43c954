import type { Executor } from './executor.ts';

/** Sessions go with everything that hangs on them: other tables say so in their foreign keys. The caller sees to it that none of them runs. */
export async function deleteSessions(ex: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await ex.deleteFrom('events').where('session_id', 'in', ids).execute();
  await ex.deleteFrom('sessions').where('id', 'in', ids).execute();
}
