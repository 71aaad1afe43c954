import { setImmediate } from 'node:timers/promises';
import { BYTE_ORDER_MARK, csvLine } from '../../protocol/csv.ts';
import type { ImportNote } from '../../protocol/http/imports.ts';

/** Lines written in one turn of the event loop. */
const AT_ONCE = 1000;

/** Faults or warnings of an import as a CSV file; the file within a zip is a column where there is one. */
export async function notesCsv(notes: readonly ImportNote[], separator: string, left: AbortSignal): Promise<Buffer> {
  const inZip = notes.some(({ file }) => file !== null);
  const cells = <T>(file: T, rest: readonly T[]): readonly T[] => (inZip ? [file, ...rest] : rest);
  const parts = [Buffer.from(BYTE_ORDER_MARK + csvLine(cells('file', ['row', 'name', 'column', 'note']), separator))];
  for (let from = 0; from < notes.length; from += AT_ONCE) {
    left.throwIfAborted();
    const some = notes.slice(from, from + AT_ONCE);
    const lines = some.map(({ file, row, column, subject, message }) =>
      csvLine(cells<string | number | null>(file, [row, subject, column, message]), separator),
    );
    parts.push(Buffer.from(lines.join('')));
    await setImmediate();
  }
  return Buffer.concat(parts);
}
