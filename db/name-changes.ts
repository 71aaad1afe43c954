import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { NameChangesTable } from './schema/name-changes.ts';

export type NameChangeRow = Selectable<NameChangesTable>;

/** Rows per statement. */
const WRITTEN = 200;

export async function insertNameChanges(ex: Executor, rows: readonly NameChangeRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += WRITTEN)
    await ex
      .insertInto('name_changes')
      .values(rows.slice(from, from + WRITTEN))
      .execute();
}

export type NamedNameChangeRow = NameChangeRow & { readonly by_name: string; readonly by_email: string };

/** Newest first. */
export const listNameChanges = (ex: Executor, userId: string, limit: number): Promise<NamedNameChangeRow[]> =>
  ex
    .selectFrom('name_changes')
    .innerJoin('users', 'users.id', 'name_changes.changed_by')
    .selectAll('name_changes')
    .select(['users.name as by_name', 'users.email as by_email'])
    .where('name_changes.user_id', '=', userId)
    .orderBy('name_changes.id', 'desc')
    .limit(limit)
    .execute();

export async function deleteNameChangesOf(ex: Executor, userId: string): Promise<void> {
  await ex.deleteFrom('name_changes').where('user_id', '=', userId).execute();
}
