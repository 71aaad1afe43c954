/** Default maximum rows per statement. */
const AT_ONCE = 50;
/** Rows of the first statement, while their size is unknown. */
const FIRST = 4;
/** Approximate bytes per statement, which blocks the embedded database. */
const STATEMENT_BYTES = 64 * 1024;
/** A page ends early after this many bytes, so that long lists take more requests instead of everybody's time. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a page of a list with potentially long rows.
 * @param read at most `limit` rows after one, or from the first
 * @param bytesOf approximate size
 * @param atOnce maximum rows per statement
 * @returns `hasMore`: whether more may follow
 */
export async function sizedRows<Row>(
  limit: number,
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
  bytesOf: (row: Row) => number,
  atOnce = AT_ONCE,
): Promise<{ readonly rows: Row[]; readonly hasMore: boolean }> {
  const rows: Row[] = [];
  let bytes = 0;
  for (let some = Math.min(FIRST, atOnce); rows.length < limit;) {
    const wanted = Math.min(some, limit - rows.length);
    const next = await read(rows.at(-1), wanted);
    for (const row of next) {
      rows.push(row);
      bytes += bytesOf(row);
      if (bytes >= MAX_BYTES) return { rows, hasMore: true };
    }
    if (next.length < wanted) return { rows, hasMore: false };
    some = Math.min(atOnce, Math.max(1, Math.floor((STATEMENT_BYTES * rows.length) / Math.max(1, bytes))));
  }
  return { rows, hasMore: true };
}
