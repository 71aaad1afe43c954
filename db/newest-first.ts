/** Rows that are looked through by one statement. */
const LOOKED_AT = 2000;

/** One stretch of a table, in the falling order of ids. */
export interface Stretch {
  /** Below this id; undefined: from the newest on. */
  readonly below: string | undefined;
  /** Down to this id, with it; undefined: to the oldest. */
  readonly downTo: string | undefined;
  readonly limit: number;
}

/**
 * A page of what few rows of a long table are: looked for stretch by stretch, so that no statement reads all of it.
 * @param floor the id that stands so many places below another
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
