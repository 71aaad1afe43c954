import { z } from 'zod';
import { Id } from '../events.ts';

/** Page of a list. `nextCursor` is null on the last page. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const PageLimit = z.coerce.number().int().min(1).max(200).default(50);

export const PageQuery = z.object({
  /** Id of the last item of the previous page. */
  cursor: Id.optional(),
  limit: PageLimit,
});

export const PathId = z.object({ id: Id });
