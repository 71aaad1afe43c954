import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
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
import { readResults } from './results.ts';
import { XlsxThread } from './xlsx-thread.ts';

/** Sessions per page. */
const AT_ONCE = 100;

/** Files written in memory at the same time. */
const oneXlsx = pLimit(1);

type ResultExam = Pick<ExamRow, 'id' | 'time_zone'>;

/** Rows of a file, page by page, so that no turn of the event loop depends on the size of the exam. */
async function* pagesOf(db: Db, exam: ResultExam, seenBy: Viewer): AsyncGenerator<ResultCell[][]> {
  for (let cursor: string | undefined; ;) {
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

/** Formulas are made harmless. */
export async function exportResultsCsv(
  db: Db,
  exam: ResultExam,
  seenBy: Viewer,
  { bom, separator }: ExportFormat,
): Promise<Buffer> {
  const by = CSV_SEPARATORS[separator];
  const text = (cell: ResultCell) => (cell instanceof Date ? zonedIso(cell, exam.time_zone) : cell);
  const parts = [Buffer.from((bom ? BYTE_ORDER_MARK : '') + csvLine(RESULT_HEADER, by))];
  for await (const rows of pagesOf(db, exam, seenBy))
    parts.push(Buffer.from(rows.map((cells) => csvLine(cells.map(text), by)).join('')));
  return Buffer.concat(parts);
}

/**
 * Texts are text cells, which no spreadsheet takes for formulas.
 * @throws ProtocolError `too_large`
 */
export async function exportResultsXlsx(db: Db, exam: ResultExam, seenBy: Viewer): Promise<Uint8Array> {
  if ((await countSessions(db, exam.id)) > RESULT_LIMITS.xlsxSessions)
    throw new ProtocolError(
      'too_large',
      `an XLSX file holds at most ${RESULT_LIMITS.xlsxSessions} sessions; download the CSV file`,
    );
  return oneXlsx(async () => {
    // Spreadsheets know no time zones: a time is the clock of the exam's.
    const wall = (cell: ResultCell) => (cell instanceof Date ? new Date(wallOf(cell.getTime(), exam.time_zone)) : cell);
    const thread = new XlsxThread(RESULT_HEADER);
    try {
      for await (const rows of pagesOf(db, exam, seenBy)) thread.add(rows.map((cells) => cells.map(wall)));
      return await thread.end();
    } finally {
      thread.close();
    }
  });
}
