import { BYTE_ORDER_MARK, CSV_SEPARATORS, csvLine } from '../../protocol/csv.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';
import { wallOf } from '../../protocol/zoned-time.ts';
import { type FileCell, type FileTable, zonedIso } from './file-cells.ts';
import type { FileQueue } from './file-queue.ts';
import { XlsxThread } from './xlsx-thread.ts';

/** Turn of a file, and its end: `left` aborts when the client is gone. */
export interface FileTurn {
  readonly files: FileQueue;
  readonly left: AbortSignal;
}

export interface FileRows {
  readonly table: FileTable;
  /** Rows, page by page, so that no turn of the event loop depends on their number. */
  readonly pages: AsyncIterable<readonly (readonly FileCell[])[]>;
  /** IANA name. */
  readonly zone: string;
}

/** Formulas are made harmless. */
export async function csvFile({ table, pages, zone }: FileRows, { bom, separator }: ExportFormat): Promise<Buffer> {
  const by = CSV_SEPARATORS[separator];
  const text = (cell: FileCell) => (cell instanceof Date ? zonedIso(cell, zone) : cell);
  const parts = [Buffer.from((bom ? BYTE_ORDER_MARK : '') + csvLine(table.header, by))];
  for await (const rows of pages) parts.push(Buffer.from(rows.map((cells) => csvLine(cells.map(text), by)).join('')));
  return Buffer.concat(parts);
}

/** Texts are text cells, which no spreadsheet takes for formulas. */
export async function xlsxFile({ table, pages, zone }: FileRows, left: AbortSignal): Promise<Uint8Array> {
  // Spreadsheets know no time zones: a time is the clock of the exam's.
  const wall = (cell: FileCell) => (cell instanceof Date ? new Date(wallOf(cell.getTime(), zone)) : cell);
  const thread = new XlsxThread(table);
  const stop = () => thread.close();
  left.addEventListener('abort', stop, { once: true });
  try {
    for await (const rows of pages) thread.add(rows.map((cells) => cells.map(wall)));
    return await thread.end();
  } catch (error) {
    // The thread ended because the client left.
    left.throwIfAborted();
    throw error;
  } finally {
    left.removeEventListener('abort', stop);
    thread.close();
  }
}
