import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { OrganisationsTable } from './schema/organisations.ts';

export type OrganisationRow = Selectable<OrganisationsTable>;

export async function insertOrganisation(ex: Executor, organisation: OrganisationRow): Promise<void> {
  await ex.insertInto('organisations').values(organisation).execute();
}

/** @returns undefined if there is none */
export async function renameOrganisation(ex: Executor, id: string, name: string): Promise<OrganisationRow | undefined> {
  return ex.updateTable('organisations').set({ name }).where('id', '=', id).returningAll().executeTakeFirst();
}

export async function findOrganisation(ex: Executor, id: string): Promise<OrganisationRow | undefined> {
  return ex.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first; the last id is the cursor. */
export async function listOrganisations(
  ex: Executor,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<OrganisationRow[]> {
  let query = ex.selectFrom('organisations').selectAll().orderBy('id', 'desc').limit(limit);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  return query.execute();
}
