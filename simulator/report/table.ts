import type { Figure } from './figure.ts';

/** Text table; numeric columns are right-aligned, `null` is shown as a dash. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const shown = [head, ...rows.map((row) => row.map(show))];
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const right = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number' || row[column] === null),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(shown[0] ?? []), widths.map((width) => '-'.repeat(width)).join('  '), ...shown.slice(1).map(line)].join(
    '\n',
  );
}

export const figureTable = (figures: readonly Figure[]): string =>
  table(
    ['figure', 'value', 'unit'],
    figures.map(({ name, value, unit }) => [name, value, unit]),
  );

function show(cell: string | number | null): string {
  if (cell === null) return '-';
  return typeof cell === 'number' ? String(cell) : cell;
}
