/**
 * A page of a list. The last row of a full one is where the next begins: `cursorOf` says how it is named. `hasMore`: it
 * ended before it was full.
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

/** The same by ids, which are time-ordered. */
export const pageOf = <Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  hasMore?: boolean,
) => pageBy(rows, limit, view, ({ id }) => id, hasMore);
