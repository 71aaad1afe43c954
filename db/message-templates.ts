import type { Executor } from './executor.ts';

/** Templates of messages to the students of an exam. @returns false unless the exam exists */
export async function saveMessageTemplates(
  ex: Executor,
  exam: string,
  items: readonly string[] | null,
): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('exams')
    .set({ message_templates: items && JSON.stringify(items) })
    .where('id', '=', exam)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
