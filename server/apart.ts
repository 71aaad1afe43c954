import { isContentFault } from '../db/content-fault.ts';

/**
 * Works on all items together and, when the database refuses their content, on each alone: one bad item does not stop
 * the others.
 * @param refused called for each item that the database refuses
 * @returns the items that were done. @throws errors that are no item's fault, such as a database that is down
 */
export async function togetherOrApart<T>(
  items: readonly T[],
  work: (some: readonly T[]) => Promise<void>,
  refused: (item: T, error: unknown) => void,
): Promise<T[]> {
  if (items.length === 0) return [];
  try {
    await work(items);
    return [...items];
  } catch (error) {
    if (!isContentFault(error)) throw error;
  }
  const done: T[] = [];
  for (const item of items) {
    try {
      await work([item]);
      done.push(item);
    } catch (error) {
      if (!isContentFault(error)) throw error;
      refused(item, error);
    }
  }
  return done;
}
