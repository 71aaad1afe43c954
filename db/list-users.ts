import { sql } from 'kysely';
import { searchGrams, searchWords } from '../protocol/search-text.ts';
import type { Executor } from './executor.ts';
import type { UserRow } from './users.ts';

export interface UserFilter {
  /** Id of the last user of the previous page. */
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly role?: UserRow['role'] | undefined;
  /** Words of which each occurs in name, address, student number or external id; case and accents aside. */
  readonly search?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly organisation?: string | undefined;
  readonly anonymised?: boolean | undefined;
}

/** Newest accounts that are read before the index of word parts is used. */
const NEWEST = 1000;

function matching(ex: Executor, { role, disabled, organisation, anonymised }: UserFilter, words: readonly string[]) {
  let query = ex.selectFrom('users').selectAll().orderBy('id', 'desc');
  if (role !== undefined) query = query.where('role', '=', role);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (disabled !== undefined) query = query.where('disabled_at', disabled ? 'is not' : 'is', null);
  if (anonymised !== undefined) query = query.where('anonymised_at', anonymised ? 'is not' : 'is', null);
  // Not LIKE: the words may contain wildcards.
  for (const word of words) query = query.where(sql<boolean>`strpos(search, ${word}) > 0`);
  return query;
}

/**
 * Newest first; ids are time-ordered, so the last id is the cursor. A search reads the newest accounts first, where
 * common words fill a page, and finds rare ones by an index: neither reads the whole table.
 */
export async function listUsers(ex: Executor, filter: UserFilter & { readonly newest?: number }): Promise<UserRow[]> {
  const { cursor, limit, search } = filter;
  const { newest: first = NEWEST } = filter;
  const words = searchWords(search ?? '');
  let query = matching(ex, filter, words);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  if (words.length === 0) return query.limit(limit).execute();
  const floor = await idBelow(ex, filter, first);
  const newest = await (floor === undefined ? query : query.where('id', '>=', floor)).limit(limit).execute();
  if (newest.length >= limit || floor === undefined) return newest;
  const grams = [...new Set(words.flatMap(searchGrams))];
  const older = await matching(ex, filter, words)
    .where('id', '<', floor)
    // Its own subquery: otherwise the planner may read all accounts by id, hoping to fill the page early.
    .where(sql<boolean>`id = ANY (ARRAY(SELECT id FROM users WHERE search_grams(search) @> ${sql.val(grams)}::text[]))`)
    .limit(limit - newest.length)
    .execute();
  return [...newest, ...older];
}

/** Id of the account that many places below the cursor, or below the newest. */
async function idBelow(
  ex: Executor,
  { cursor, organisation }: UserFilter,
  places: number,
): Promise<string | undefined> {
  let query = ex
    .selectFrom('users')
    .select('id')
    .orderBy('id', 'desc')
    .offset(places - 1)
    .limit(1);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  return (await query.executeTakeFirst())?.id;
}
