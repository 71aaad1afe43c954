import type { Insertable, Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { VerdictsTable } from './schema/verdicts.ts';

export type VerdictRow = Selectable<VerdictsTable> & { by_name: string; by_email: string };

export async function insertVerdict(ex: Executor, verdict: Insertable<VerdictsTable>): Promise<void> {
  await ex.insertInto('verdicts').values(verdict).execute();
  await ex.updateTable('sessions').set({ review_state: 'done' }).where('id', '=', verdict.session_id).execute();
}

const named = (ex: Executor) =>
  ex
    .selectFrom('verdicts')
    .innerJoin('users', 'users.id', 'verdicts.by')
    .selectAll('verdicts')
    .select(['users.name as by_name', 'users.email as by_email']);

export async function findVerdicts(ex: Executor, ids: readonly string[]): Promise<VerdictRow[]> {
  if (ids.length === 0) return [];
  return named(ex).where('verdicts.id', 'in', ids).execute();
}

/** Newest first; the newest counts. */
export async function listVerdicts(ex: Executor, session: string, limit: number): Promise<VerdictRow[]> {
  return named(ex).where('session_id', '=', session).orderBy('verdicts.id', 'desc').limit(limit).execute();
}
