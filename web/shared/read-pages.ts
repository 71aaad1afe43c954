import type { Api } from './api.ts';

/** All items of a list, page by page, up to `most` pages of 200. */
export async function readPages<T>(api: Api, path: string, most = 25): Promise<T[]> {
  const items: T[] = [];
  const base = `${path}${path.includes('?') ? '&' : '?'}limit=200`;
  let cursor = '';
  for (let pages = 0; pages < most; pages++) {
    const page = await api.get<{ items: T[]; nextCursor: string | null }>(base + cursor);
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  return items;
}
