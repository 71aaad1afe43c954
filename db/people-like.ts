import { sql } from 'kysely';
import { searchGrams, searchWords } from '../protocol/search-text.ts';
import type { Executor } from './executor.ts';

/**
 * Ids of the accounts that can contain a text in name or address, by the index of word parts; undefined: more than
 * `most`, which need no index to be found.
 */
export async function peopleLike(ex: Executor, text: string, most: number): Promise<string[] | undefined> {
  const grams = [...new Set(searchWords(text).flatMap(searchGrams))];
  if (grams.length === 0) return undefined;
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM users WHERE search_grams(search) @> ${sql.val(grams)}::text[] LIMIT ${most + 1}`.execute(ex);
  return rows.length > most ? undefined : rows.map(({ id }) => id);
}
