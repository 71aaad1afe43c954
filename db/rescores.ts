import type { Insertable, Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { RescoresTable } from './schema/rescores.ts';

export type RescoreRow = Selectable<RescoresTable> & { by_name: string; by_email: string };

export async function insertRescore(ex: Executor, rescore: Insertable<RescoresTable>): Promise<void> {
  await ex.insertInto('rescores').values(rescore).execute();
}

/** Newest first. */
export async function listRescores(ex: Executor, session: string, limit: number): Promise<RescoreRow[]> {
  return ex
    .selectFrom('rescores')
    .innerJoin('users', 'users.id', 'rescores.by')
    .selectAll('rescores')
    .select(['users.name as by_name', 'users.email as by_email'])
    .where('session_id', '=', session)
    .orderBy('rescores.id', 'desc')
    .limit(limit)
    .execute();
}
