/** Rows of one statement, where the caller does not say. */
const AT_ONCE = 50;
/** After so many bytes a page ends before it is full: what follows costs another request, not everybody's time. */
const MAX_BYTES = 256 * 1024;

/**
 * Rows of a page of a list whose rows can be long.
 * @param read at most so many rows after one, or the first
 * @param bytesOf about
 * @param atOnce rows of one statement
 * @returns `hasMore` whether more may follow
 */
export async function sizedRows<Row>(
  limit: number,
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
  bytesOf: (row: Row) => number,
  atOnce = AT_ONCE,
): Promise<{ readonly rows: Row[]; readonly hasMore: boolean }> {
  const rows: Row[] = [];
  let bytes = 0;
  while (rows.length < limit) {
    const wanted = Math.min(atOnce, limit - rows.length);
    const some = await read(rows.at(-1), wanted);
    for (const row of some) {
      rows.push(row);
      bytes += bytesOf(row);
      if (bytes >= MAX_BYTES) return { rows, hasMore: true };
    }
    if (some.length < wanted) return { rows, hasMore: false };
  }
  return { rows, hasMore: true };
}
