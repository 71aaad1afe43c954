import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '../../db/audit/append.ts';
import { lockExam } from '../../db/exams.ts';
import type { Executor } from '../../db/executor.ts';
import { findFlagCategories, saveFlagCategories } from '../../db/flag-categories.ts';
import { DEFAULT_FLAG_CATEGORIES, type FlagCategory } from '../../protocol/flag-categories.ts';
import { noExam } from '../access/refused.ts';
import type { ExamParts } from './write.ts';

/** Irregularities that staff can flag in an exam now. */
export async function flagCategoriesOf(
  ex: Executor,
  exam: string,
): Promise<{ readonly items: FlagCategory[]; readonly isDefault: boolean }> {
  const own = await findFlagCategories(ex, exam);
  return { items: own ?? [...DEFAULT_FLAG_CATEGORIES], isDefault: own === undefined };
}

/**
 * Flags that were given keep the weight of their time.
 * @param items undefined: those of the server
 * @throws ProtocolError `not_found`
 */
export async function changeFlagCategories(
  { db, clock }: ExamParts,
  by: { readonly userId: string },
  exam: string,
  items: readonly FlagCategory[] | undefined,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await lockExam(tx, exam, 'update'))) throw noExam();
    if (isDeepStrictEqual(await findFlagCategories(tx, exam), items)) return;
    await saveFlagCategories(tx, exam, items);
    await appendAudit(tx, {
      type: 'FLAG_CATEGORIES_CHANGED',
      entityId: exam,
      actor: by.userId,
      at: new Date(clock()),
      payload: { weights: items ? Object.fromEntries(items.map(({ code, weight }) => [code, weight])) : null },
    });
  });
}
