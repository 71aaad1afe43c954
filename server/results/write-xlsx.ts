import writeExcelFile, { type Cell } from 'write-excel-file/node';
import type { ResultCell } from './result-columns.ts';

/** Longest text of a cell in Excel, characters. */
const LONGEST = 32_767;
const DATE_FORMAT = 'yyyy-mm-dd hh:mm:ss';

/** The type is given, so that a text stays one, whatever it begins with. */
function cellOf(value: ResultCell): Cell {
  if (value === null || value === '') return null;
  if (value instanceof Date) return { type: Date, value, format: DATE_FORMAT };
  if (typeof value === 'number') return { type: Number, value };
  return { type: String, value: value.slice(0, LONGEST) };
}

/** An XLSX file of one sheet with a header that stays in view. */
export async function writeXlsx(
  header: readonly string[],
  rows: readonly (readonly ResultCell[])[],
): Promise<Uint8Array> {
  const top: Cell[] = header.map((value) => ({ type: String, value, fontWeight: 'bold' }));
  const columns = header.map((name) => ({ width: Math.max(12, Math.min(30, name.length + 2)) }));
  return writeExcelFile([top, ...rows.map((row) => row.map(cellOf))], {
    sheet: 'Results',
    stickyRowsCount: 1,
    columns,
  }).toBuffer();
}
