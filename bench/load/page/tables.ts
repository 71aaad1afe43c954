import type { LoadReport } from '../report.ts';
import { escape, number } from './escape.ts';

type Cell = string | number | null;

interface Sheet {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** The first column names its row; numeric columns are right-aligned. */
function sheet({ caption, head, rows }: Sheet): string {
  const numeric = head.map(
    (_, column) => column > 0 && rows.every((row) => row[column] === null || typeof row[column] === 'number'),
  );
  const kind = (column: number): string => (numeric[column] ? ' class="n"' : '');
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, column) => (column === 0 ? `<th scope="row">${shown(cell)}</th>` : `<td${kind(column)}>${shown(cell)}</td>`)).join('')}</tr>`,
  );
  return `<div class="sheet"><table><caption>${escape(caption)}</caption><thead><tr>${head.map((name, column) => `<th scope="col"${kind(column)}>${escape(name)}</th>`).join('')}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>`;
}

const shown = (cell: Cell): string => (typeof cell === 'string' ? escape(cell) : number(cell));

export function checkTable({ verdict }: LoadReport): string {
  const rows = verdict.checks.map(
    ({ name, ok, found }) =>
      `<tr><th scope="row">${escape(name)}</th><td class="${ok ? 'ok' : 'failed'}">${ok ? '✓ yes' : '✗ no'}</td><td>${escape(found)}</td></tr>`,
  );
  return `<div class="sheet"><table><caption>All of these must hold</caption><thead><tr><th scope="col">requirement</th><th scope="col">met</th><th scope="col">found</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

export const figureSheet = ({ figures }: LoadReport): string =>
  sheet({
    caption: 'Totals; rates and times are of the measured period',
    head: ['figure', 'value', 'unit'],
    rows: figures.map(({ name, value, unit }) => [name, value, unit]),
  });

export function countTables({ counts, firstErrors }: LoadReport): string {
  const counted = counts.map(({ name, counts: all }) => {
    const rows = Object.entries(all);
    return rows.length === 0 ? '' : sheet({ caption: name, head: ['what', 'count'], rows });
  });
  const first = Object.entries(firstErrors);
  return [
    ...counted,
    first.length === 0 ? '' : sheet({ caption: 'first error of each kind', head: ['code', 'message'], rows: first }),
  ].join('\n');
}

export function serverTable({ serverRows, serverProblem }: LoadReport): string {
  if (serverRows.length === 0)
    return `<div class="sheet"><p class="none">Metrics of the server are not available: ${escape(serverProblem ?? 'none were read')}</p></div>`;
  const rows = serverRows.map(({ name, unit, before, after }) => [
    name,
    before,
    after,
    before === null || after === null ? null : after - before,
    unit,
  ]);
  return sheet({
    caption: 'Metrics of the server, before and after the test',
    head: ['figure', 'before', 'after', 'change', 'unit'],
    rows,
  });
}

export function settingsTables({ input, server, machine, url }: LoadReport): string {
  const rows = (object: Readonly<Record<string, unknown>>): [string, string][] =>
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, plain(value)]);
  return [
    sheet({ caption: 'Settings', head: ['setting', 'value'], rows: rows(input) }),
    sheet({ caption: `The server at ${url}, as reported by itself`, head: ['what', 'is'], rows: rows(server) }),
    sheet({
      caption: 'Machine that ran the students',
      head: ['what', 'is'],
      rows: rows({
        ...machine,
        packages: Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`),
      }),
    }),
  ].join('\n');
}

const plain = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(plain).join(', ')
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value)
      : String(value);
