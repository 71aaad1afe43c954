import writeExcelFile, { type Cell } from 'write-excel-file/node';
import type { FileCell, FileTable } from './file-cells.ts';

/** Longest text of a cell in Excel, characters. */
const LONGEST = 32_767;
const DATE_FORMAT = 'yyyy-mm-dd hh:mm:ss';

/** The type is given, so that a text stays one, whatever it begins with. */
function cellOf(value: FileCell): Cell {
  if (value === null || value === '') return null;
  if (value instanceof Date) return { type: Date, value, format: DATE_FORMAT };
  if (typeof value === 'number') return { type: Number, value };
  return { type: String, value: value.slice(0, LONGEST) };
}

/** Pure: name of a column, 0 is `A`. */
const columnName = (at: number): string =>
  (at >= 26 ? columnName(Math.floor(at / 26) - 1) : '') + String.fromCharCode(65 + (at % 26));

/** Buttons in the header that filter and sort. */
const autoFilter = (columns: number, rows: number) => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        // Its place among the elements of a sheet is fixed (ECMA-376, 18.3.1.99).
        transform: (xml: string) =>
          xml.replace('</sheetData>', `</sheetData><autoFilter ref="A1:${columnName(columns - 1)}${rows}"/>`),
      },
    },
  },
});

/** An XLSX file of one sheet whose header and first column, the student, stay in view. */
export async function writeXlsx(
  { sheet, header, widths }: FileTable,
  rows: readonly (readonly FileCell[])[],
): Promise<Uint8Array> {
  const top: Cell[] = header.map((value) => ({ type: String, value, fontWeight: 'bold' }));
  const columns = widths.map((width) => ({ width }));
  return writeExcelFile(
    [top, ...rows.map((row) => row.map(cellOf))],
    { sheet, stickyRowsCount: 1, stickyColumnsCount: 1, columns },
    { features: [autoFilter(header.length, rows.length + 1)] },
  ).toBuffer();
}
