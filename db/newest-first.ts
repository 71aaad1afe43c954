/** Rows scanned per statement. */
const LOOKED_AT = 2000;

/** One range of a table, by descending id. */
export interface Stretch {
  /** Exclusive upper bound; undefined: from the newest. */
  readonly below: string | undefined;
  /** Inclusive lower bound; undefined: to the oldest. */
  readonly downTo: string | undefined;
  readonly limit: number;
}

/**
 * A page of rows that are rare in a long table: scanned range by range, so that no statement reads the whole table.
 * @param floor id at a given distance below another
 */
export async function newestFirst<Row>(
  page: { readonly cursor: string | undefined; readonly limit: number },
  floor: (below: string | undefined, places: number) => Promise<string | undefined>,
  read: (stretch: Stretch) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let below = page.cursor; ;) {
    const downTo = await floor(below, LOOKED_AT);
    found.push(...(await read({ below, downTo, limit: page.limit - found.length })));
    if (found.length >= page.limit || downTo === undefined) return found;
    below = downTo;
  }
}
