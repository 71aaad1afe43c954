/**
 * First characters by which spreadsheets take a cell for a formula or end the cell before it (OWASP, CSV injection),
 * with their full-width forms, after any apostrophes that are part of the value.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/u;

/** Value as exported: an apostrophe in front, which spreadsheets do not show. */
export const guarded = (value: string): string => (DANGEROUS.test(value) ? `'${value}` : value);

/** Value of an exported cell. */
export const neutral = (cell: string): string => (cell.startsWith("'") && DANGEROUS.test(cell) ? cell.slice(1) : cell);
