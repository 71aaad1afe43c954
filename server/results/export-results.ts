import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../db/executor.ts';
import type { ExamRow } from '../../db/exams.ts';
import { countSessions } from '../../db/sessions.ts';
import type { Viewer } from '../../db/visibility.ts';
import { BYTE_ORDER_MARK, CSV_SEPARATORS, csvLine } from '../../protocol/csv.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';
import { RESULT_LIMITS } from '../../protocol/http/results.ts';
import { wallOf } from '../../protocol/zoned-time.ts';
import { RESULT_HEADER, resultCells, type ResultCell } from './result-columns.ts';
import type { FileQueue } from './file-queue.ts';
import { readResults } from './results.ts';
import { XlsxThread } from './xlsx-thread.ts';

/** Sessions per page. */
const AT_ONCE = 100;

/** Sessions of a large file. */
const LARGE = 2000;

type ResultExam = Pick<ExamRow, 'id' | 'time_zone'>;

/** Turn of a file, and its end: `left` aborts when the client is gone. */
export interface FileTurn {
  readonly files: FileQueue;
  readonly left: AbortSignal;
}

/** Rows of a file, page by page, so that no turn of the event loop depends on the size of the exam. */
async function* pagesOf(db: Db, exam: ResultExam, seenBy: Viewer, left: AbortSignal): AsyncGenerator<ResultCell[][]> {
  for (let cursor: string | undefined; ;) {
    left.throwIfAborted();
    const results = await readResults(db, exam.id, { cursor, limit: AT_ONCE, seenBy });
    if (results.length > 0) yield results.map((result) => resultCells(result, exam.time_zone));
    if (results.length < AT_ONCE) return;
    cursor = results.at(-1)?.sessionId;
    await setImmediate();
  }
}

/** Pure: ISO 8601 by the clock of a zone, with its offset: `2026-03-29T02:30:00+01:00`. */
export function zonedIso(at: Date, zone: string): string {
  const wall = wallOf(at.getTime(), zone);
  const minutes = Math.round((wall - at.getTime()) / 60_000);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return new Date(wall).toISOString().slice(0, 19) + offset;
}

/**
 * Formulas are made harmless.
 * @throws ProtocolError as `FileQueue.run`
 */
export async function exportResultsCsv(
  db: Db,
  exam: ResultExam,
  seenBy: Viewer,
  { bom, separator }: ExportFormat,
  { files, left }: FileTurn,
): Promise<Buffer> {
  const isLarge = (await countSessions(db, exam.id)) > LARGE;
  return files.run({ person: seenBy.userId, isLarge, left }, async () => {
    const by = CSV_SEPARATORS[separator];
    const text = (cell: ResultCell) => (cell instanceof Date ? zonedIso(cell, exam.time_zone) : cell);
    const parts = [Buffer.from((bom ? BYTE_ORDER_MARK : '') + csvLine(RESULT_HEADER, by))];
    for await (const rows of pagesOf(db, exam, seenBy, left))
      parts.push(Buffer.from(rows.map((cells) => csvLine(cells.map(text), by)).join('')));
    return Buffer.concat(parts);
  });
}

/**
 * Texts are text cells, which no spreadsheet takes for formulas.
 * @throws ProtocolError `too_large`, or as `FileQueue.run`
 */
export async function exportResultsXlsx(
  db: Db,
  exam: ResultExam,
  seenBy: Viewer,
  { files, left }: FileTurn,
): Promise<Uint8Array> {
  const sessions = await countSessions(db, exam.id);
  if (sessions > RESULT_LIMITS.xlsxSessions)
    throw new ProtocolError(
      'too_large',
      `an XLSX file holds at most ${RESULT_LIMITS.xlsxSessions} sessions; download the CSV file`,
    );
  return files.run({ person: seenBy.userId, isLarge: sessions > LARGE, left }, async () => {
    // Spreadsheets know no time zones: a time is the clock of the exam's.
    const wall = (cell: ResultCell) => (cell instanceof Date ? new Date(wallOf(cell.getTime(), exam.time_zone)) : cell);
    const thread = new XlsxThread(RESULT_HEADER);
    const stop = () => thread.close();
    left.addEventListener('abort', stop, { once: true });
    try {
      for await (const rows of pagesOf(db, exam, seenBy, left)) thread.add(rows.map((cells) => cells.map(wall)));
      return await thread.end();
    } catch (error) {
      // The thread ended because the client left.
      left.throwIfAborted();
      throw error;
    } finally {
      left.removeEventListener('abort', stop);
      thread.close();
    }
  });
}
