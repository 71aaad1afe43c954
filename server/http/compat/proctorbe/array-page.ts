import { z } from 'zod';
import { Reply } from '../../pipeline/route.ts';

/** ProctorBE answers lists as bare arrays, unpaged. */
export const arrayQuery = <C extends z.ZodType>(cursor: C, most: number) =>
  z.object({
    cursor: cursor.optional().describe('`X-Next-Cursor` of the previous page.'),
    limit: z.coerce.number().int().min(1).max(most).default(most),
  });

/** A bare array. The next page, if any, is in `X-Next-Cursor` and in `Link` (RFC 8288, `rel="next"`). */
export function arrayPage(
  items: readonly unknown[],
  /** Of the list, with the server's prefix. */
  path: string,
  limit: number,
  nextCursor: string | undefined,
): Reply {
  if (nextCursor === undefined) return new Reply(200, items);
  const next = new URLSearchParams({ cursor: nextCursor, limit: String(limit) });
  return new Reply(200, items, { 'X-Next-Cursor': nextCursor, Link: `<${path}?${next.toString()}>; rel="next"` });
}
