import type { FlagCategory } from '../protocol/flag-categories.ts';
import type { Executor } from './executor.ts';

/** @returns undefined: those of the server */
export async function findFlagCategories(ex: Executor, exam: string): Promise<FlagCategory[] | undefined> {
  const row = await ex
    .selectFrom('flag_categories')
    .select('categories')
    .where('exam_id', '=', exam)
    .executeTakeFirst();
  return row?.categories;
}

/** @param items undefined: those of the server */
export async function saveFlagCategories(
  ex: Executor,
  exam: string,
  items: readonly FlagCategory[] | undefined,
): Promise<void> {
  if (items === undefined) {
    await ex.deleteFrom('flag_categories').where('exam_id', '=', exam).execute();
    return;
  }
  const categories = JSON.stringify(items);
  await ex
    .insertInto('flag_categories')
    .values({ exam_id: exam, categories })
    .onConflict((conflict) => conflict.column('exam_id').doUpdateSet({ categories }))
    .execute();
}
