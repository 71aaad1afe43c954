import { type CsvError, parse } from 'csv-parse/sync';
import { type ImportEncoding } from '../../protocol/http/imports.ts';
import { IMPORT_LIMITS } from '../../protocol/import-limits.ts';
import { decodeText } from './decode-text.ts';
import { FileFault } from './file-fault.ts';

/** One row below the header. */
export interface TableRow {
  /** As a spreadsheet numbers it. */
  readonly row: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly encoding: ImportEncoding;
  readonly separator: string;
  readonly header: readonly string[];
  /** Without empty ones. */
  readonly rows: readonly TableRow[];
  /** Faults of the file's form, by row. */
  readonly faults: readonly { readonly row: number; readonly message: string }[];
}

const SEPARATORS = [',', ';', '\t', '|'];
const { rows: MAX_ROWS, columns: MAX_COLUMNS, cell: MAX_CELL } = IMPORT_LIMITS;
/** Characters of a row. */
const MAX_RECORD = MAX_COLUMNS * MAX_CELL;
/** Blank rows are counted, too. */
const MAX_RECORDS = 2 * MAX_ROWS;

/** `sep=;`, which Excel reads from the first line. */
const EXCEL_HINT = /^sep=(.)\r?\n/i;

/** The separator that occurs most often outside of quotes in the first line. */
function separatorOf(text: string): string {
  const hint = EXCEL_HINT.exec(text)?.[1];
  if (hint !== undefined) return hint;
  const start = /\S/.exec(text)?.index ?? 0;
  const [line = ''] = text.slice(start, start + MAX_RECORD).split(/[\r\n]/, 1);
  const bare = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counts = SEPARATORS.map((separator) => ({ separator, count: bare.split(separator).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator;
}

const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed; the rest of the file cannot be read',
  CSV_MAX_RECORD_SIZE: `longer than ${MAX_RECORD} characters, or a quotation mark is not closed; the rest of the file cannot be read`,
  CSV_INVALID_CLOSING_QUOTE: 'characters after a closing quotation mark; the rest of the file cannot be read',
};

/** Reads row by row, so that rows before a fault are kept. */
function readRecords(text: string, delimiter: string): { records: string[][]; fault: string | undefined } {
  const records: string[][] = [];
  try {
    parse(text, {
      delimiter,
      // Mixed line ends.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_RECORD,
      to: MAX_RECORDS + 1,
      on_record: (record: string[]) => {
        records.push(record);
        return null;
      },
    });
    return { records, fault: undefined };
  } catch (error) {
    const { code } = error as CsvError;
    const fault = WORDS[code];
    if (fault === undefined) throw error;
    return { records, fault };
  }
}

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');

/** @throws FileFault if there is no table */
export function readTable(bytes: Uint8Array, asked?: ImportEncoding): Table {
  const { text, encoding } = decodeText(bytes, asked);
  const separator = separatorOf(text);
  const { records, fault } = readRecords(text, separator);
  const faults = fault === undefined ? [] : [{ row: records.length + 1, message: fault }];
  const first = EXCEL_HINT.test(text) ? 1 : 0;
  const top = records.findIndex((cells, at) => at >= first && !isBlank(cells));
  if (top < 0) {
    if (faults.length > 0) throw new FileFault(`row ${faults[0]!.row}: ${faults[0]!.message}`);
    throw new FileFault('the file is empty');
  }
  const header = records[top]!.map((cell) => cell.trim());
  if (header.length > MAX_COLUMNS) throw new FileFault(`more than ${MAX_COLUMNS} columns`);
  const rows: TableRow[] = [];
  for (let at = top + 1; at < records.length; at++) {
    const cells = records[at]!;
    if (isBlank(cells)) continue;
    const row = at + 1;
    const fit = faultOfRow(cells, header.length);
    if (fit !== undefined) faults.push({ row, message: fit });
    else rows.push({ row, cells });
    if (rows.length > MAX_ROWS) break;
  }
  if (rows.length > MAX_ROWS || records.length > MAX_RECORDS)
    throw new FileFault(`more than ${MAX_ROWS} rows: split the file`);
  return { encoding, separator, header, rows, faults };
}

function faultOfRow(cells: readonly string[], columns: number): string | undefined {
  if (cells.slice(columns).some((cell) => cell.trim() !== ''))
    return `has ${cells.length} cells, but the header has ${columns}: is a value with the separator in it not in quotes?`;
  const long = cells.findIndex((cell) => cell.length > MAX_CELL);
  return long < 0 ? undefined : `cell ${long + 1} is longer than ${MAX_CELL} characters`;
}
