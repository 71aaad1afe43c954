import { setImmediate } from 'node:timers/promises';
import { type AttendeeRow, countAttendance, listAttendees } from '../../db/attendance.ts';
import type { Db } from '../../db/executor.ts';
import type { ExamRow } from '../../db/exams.ts';
import { countSessions } from '../../db/sessions.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';
import { RESULT_LIMITS, type Result } from '../../protocol/http/results.ts';
import type { FileCell } from './file-cells.ts';
import { missingCells, RESULT_TABLE, resultCells } from './result-columns.ts';
import { readResults } from './results.ts';
import { csvFile, type FileTurn, xlsxFile } from './table-files.ts';

/** Sessions per page. */
const AT_ONCE = 100;
/** Students without a session per page. */
const MISSING_AT_ONCE = 500;

/** Rows of a large file. */
const LARGE = 2000;

type ResultExam = Pick<ExamRow, 'id' | 'time_zone'>;

interface Reading {
  readonly db: Db;
  readonly exam: ResultExam;
  readonly seenBy: Viewer;
  readonly left: AbortSignal;
}

/** Sessions after one, or from the first. */
async function* sessionsAfter({ db, exam, seenBy, left }: Reading, first?: string): AsyncGenerator<Result[]> {
  for (let cursor = first; ;) {
    left.throwIfAborted();
    const results = await readResults(db, exam.id, { cursor, limit: AT_ONCE, seenBy });
    if (results.length > 0) yield results;
    if (results.length < AT_ONCE) return;
    cursor = results.at(-1)?.sessionId;
    await setImmediate();
  }
}

/** Enrolled students who have not started. */
async function* missingStudents({ db, exam, seenBy, left }: Reading): AsyncGenerator<AttendeeRow[]> {
  for (let cursor: string | undefined; ;) {
    left.throwIfAborted();
    const rows = await listAttendees(db, exam.id, { cursor, limit: MISSING_AT_ONCE, state: 'missing', seenBy });
    if (rows.length > 0) yield rows;
    if (rows.length < MISSING_AT_ONCE) return;
    cursor = rows.at(-1)?.student_id;
    await setImmediate();
  }
}

/** Each session, then each enrolled student without one: nobody who is enrolled is left out. */
async function* pagesOf(reading: Reading): AsyncGenerator<FileCell[][]> {
  const zone = reading.exam.time_zone;
  let last: string | undefined;
  for await (const results of sessionsAfter(reading)) {
    last = results.at(-1)?.sessionId;
    yield results.map((result) => resultCells(result, zone));
  }
  const missing = new Set<string>();
  for await (const rows of missingStudents(reading)) {
    for (const { student_id } of rows) missing.add(student_id);
    yield rows.map((row) => missingCells(row, zone));
  }
  // Who started while the file was read is in neither, or has a row already.
  for await (const results of sessionsAfter(reading, last))
    yield results.filter(({ studentId }) => !missing.has(studentId)).map((result) => resultCells(result, zone));
}

/** Rows of the file. */
async function countRows(db: Db, exam: ResultExam, seenBy: Viewer): Promise<number> {
  const rooms = await countAttendance(db, exam.id, seenBy);
  return rooms.reduce((sum, { missing }) => sum + missing, await countSessions(db, exam.id));
}

const rowsOf = (db: Db, exam: ResultExam, seenBy: Viewer, left: AbortSignal) => ({
  table: RESULT_TABLE,
  pages: pagesOf({ db, exam, seenBy, left }),
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
  const isLarge = (await countRows(db, exam, seenBy)) > LARGE;
  return files.run({ person: seenBy.userId, isLarge, left }, () => csvFile(rowsOf(db, exam, seenBy, left), format));
}

/** @throws ProtocolError `too_large`, or as `FileQueue.run` */
export async function exportResultsXlsx(
  db: Db,
  exam: ResultExam,
  seenBy: Viewer,
  { files, left }: FileTurn,
): Promise<Uint8Array> {
  const rows = await countRows(db, exam, seenBy);
  if (rows > RESULT_LIMITS.xlsxSessions)
    throw new ProtocolError(
      'too_large',
      `an XLSX file holds at most ${RESULT_LIMITS.xlsxSessions} rows; download the CSV file`,
    );
  return files.run({ person: seenBy.userId, isLarge: rows > LARGE, left }, () =>
    xlsxFile(rowsOf(db, exam, seenBy, left), left),
  );
}
