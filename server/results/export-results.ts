import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../db/executor.ts';
import type { ExamRow } from '../../db/exams.ts';
import { countSessions } from '../../db/sessions.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';
import { RESULT_LIMITS } from '../../protocol/http/results.ts';
import type { FileCell } from './file-cells.ts';
import { RESULT_TABLE, resultCells } from './result-columns.ts';
import { readResults } from './results.ts';
import { csvFile, type FileTurn, xlsxFile } from './table-files.ts';

/** Sessions per page. */
const AT_ONCE = 100;

/** Sessions of a large file. */
const LARGE = 2000;

type ResultExam = Pick<ExamRow, 'id' | 'time_zone'>;

async function* pagesOf(db: Db, exam: ResultExam, seenBy: Viewer, left: AbortSignal): AsyncGenerator<FileCell[][]> {
  for (let cursor: string | undefined; ;) {
    left.throwIfAborted();
    const results = await readResults(db, exam.id, { cursor, limit: AT_ONCE, seenBy });
    if (results.length > 0) yield results.map((result) => resultCells(result, exam.time_zone));
    if (results.length < AT_ONCE) return;
    cursor = results.at(-1)?.sessionId;
    await setImmediate();
  }
}

const rowsOf = (db: Db, exam: ResultExam, seenBy: Viewer, left: AbortSignal) => ({
  table: RESULT_TABLE,
  pages: pagesOf(db, exam, seenBy, left),
  zone: exam.time_zone,
});

/** @throws ProtocolError as `FileQueue.run` */
export async function exportResultsCsv(
  db: Db,
  exam: ResultExam,
  seenBy: Viewer,
  format: ExportFormat,
  { files, left }: FileTurn,
): Promise<Buffer> {
  const isLarge = (await countSessions(db, exam.id)) > LARGE;
  return files.run({ person: seenBy.userId, isLarge, left }, () => csvFile(rowsOf(db, exam, seenBy, left), format));
}

/** @throws ProtocolError `too_large`, or as `FileQueue.run` */
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
  return files.run({ person: seenBy.userId, isLarge: sessions > LARGE, left }, () =>
    xlsxFile(rowsOf(db, exam, seenBy, left), left),
  );
}
