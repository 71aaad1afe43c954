import { z } from 'zod';
import { Reply } from '../../pipeline/route.ts';

/** Where the first system answered all there was, in an array and nothing around it. */
export const arrayQuery = <C extends z.ZodType>(cursor: C, most: number) =>
  z.object({
    cursor: cursor.optional().describe('X-Next-Cursor of the page before.'),
    limit: z.coerce.number().int().min(1).max(most).default(most),
  });

/**
 * The array as it was; where the next part begins, if there is one, is said in `X-Next-Cursor`, and in `Link` (RFC
 * 8288) as `next`.
 */
export function arrayPage(
  items: readonly unknown[],
  path: string,
  limit: number,
  nextCursor: string | undefined,
): Reply {
  if (nextCursor === undefined) return new Reply(200, items);
  const next = new URLSearchParams({ cursor: nextCursor, limit: String(limit) });
  return new Reply(200, items, { 'X-Next-Cursor': nextCursor, Link: `<${path}?${next.toString()}>; rel="next"` });
}
