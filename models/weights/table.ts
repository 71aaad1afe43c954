import type { Inspected } from './inspect.ts';

const COLUMNS = ['name', 'role', 'adapter', 'version', 'bytes', 'licence', 'state', 'where'] as const;

/** Columns as wide as their longest cell; sizes right-aligned. */
export function table(rows: readonly Inspected[]): string {
  const cells = rows.map(({ entry, state, path }) => [
    entry.name,
    entry.role,
    entry.adapter,
    entry.version,
    String(entry.bytes),
    entry.licence,
    state,
    path ?? '-',
  ]);
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (COLUMNS[i] === 'bytes' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [COLUMNS, ...cells].map(line).join('\n');
}

/** The same as JSON for programs. */
export function plain({ entry, state, path, problem }: Inspected): Record<string, unknown> {
  const { name, role, adapter, version, file, bytes, sha256, licence, origin, url, shipped } = entry;
  return {
    name,
    role,
    adapter,
    version,
    file,
    bytes,
    sha256,
    licence,
    origin,
    url: url ?? null,
    shipped,
    state,
    path: path ?? null,
    problem: problem ?? null,
  };
}
