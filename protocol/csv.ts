/** Cells and lines of CSV files, written by the server and by pages. */

/**
 * First characters by which spreadsheets take a cell for a formula or end the cell before it (OWASP, CSV injection),
 * with their full-width forms, after any apostrophes that are part of the value.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/u;

/** Value as exported: an apostrophe in front, which spreadsheets do not show. */
export const guarded = (value: string): string => (DANGEROUS.test(value) ? `'${value}` : value);

/** Value of an exported cell. */
export const neutral = (cell: string): string => (cell.startsWith("'") && DANGEROUS.test(cell) ? cell.slice(1) : cell);

export const CSV_SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;
/** By it, Excel recognises UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Line of a CSV file, with formulas made harmless. */
export function csvLine(cells: readonly (string | number | null)[], separator: string): string {
  const written = cells.map((cell) => {
    const text = guarded(cell === null ? '' : String(cell));
    return /["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${written.join(separator)}\r\n`;
}
