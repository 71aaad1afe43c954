/** Ids are time-ordered: the last one of a full page is where the next begins. */
export function pageOf<Row extends { id: string }, Item>(rows: readonly Row[], limit: number, view: (row: Row) => Item) {
  return { items: rows.map(view), nextCursor: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
}
