import { badField } from '../../../protocol/errors.ts';
import { Id } from '../../../protocol/events.ts';

/**
 * A page of a list. The next page starts after the last row, which `cursorOf` identifies. `hasMore`: the page ended
 * before it was full.
 */
export function pageBy<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursorOf: (row: Row) => string,
  hasMore = rows.length === limit,
) {
  const last = hasMore ? rows.at(-1) : undefined;
  return { items: rows.map((row) => view(row)), nextCursor: last === undefined ? null : cursorOf(last) };
}

/** A page of a list whose next place is known. */
export const pageTo = <Row, Item>(rows: readonly Row[], view: (row: Row) => Item, nextCursor: string | undefined) => ({
  items: rows.map((row) => view(row)),
  nextCursor: nextCursor ?? null,
});

/** A page with ids as cursors; they are time-ordered. */
export const pageOf = <Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  hasMore?: boolean,
) => pageBy(rows, limit, view, ({ id }) => id, hasMore);

/**
 * Checks the cursor of a list whose order the request chooses.
 * @throws ProtocolError `bad_request` for a cursor of another order
 */
export function idCursor(cursor: string): string {
  if (Id.safeParse(cursor).success) return cursor;
  throw badField('query.cursor', 'must be the nextCursor of a page');
}
