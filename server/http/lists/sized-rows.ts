/** Rows of one statement at most, where the caller does not say. */
const AT_ONCE = 50;
/** Rows of the first statement, before it is known how long they are. */
const FIRST = 4;
/** Bytes of one statement, about: on the embedded database nothing else goes on meanwhile. */
const STATEMENT_BYTES = 64 * 1024;
/** After so many bytes a page ends before it is full: what follows costs another request, not everybody's time. */
const MAX_BYTES = 256 * 1024;

/**
 * Rows of a page of a list whose rows can be long.
 * @param read at most so many rows after one, or the first
 * @param bytesOf about
 * @param atOnce rows of one statement, at most
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
