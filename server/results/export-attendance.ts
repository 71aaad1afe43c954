import { setImmediate } from 'node:timers/promises';
import { type AttendeeRow, listAttendees } from '../../db/attendance.ts';
import type { Db } from '../../db/executor.ts';
import type { ExamRow } from '../../db/exams.ts';
import type { Viewer } from '../../db/visibility.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';
import { RESULT_LIMITS } from '../../protocol/http/results.ts';
import { type FileCell, type FileColumn, tableOf, TIME_WIDTH } from './file-cells.ts';
import { csvFile, type FileRows, type FileTurn, xlsxFile } from './table-files.ts';

/** Students per page. */
const AT_ONCE = 500;

type ListedExam = Pick<ExamRow, 'id' | 'time_zone'>;

const STATES = { missing: 'Missing', running: 'Running', finished: 'Finished' } as const;

const COLUMNS: readonly FileColumn<AttendeeRow>[] = [
  { name: 'Student', width: 28, of: (row) => row.student_name },
  { name: 'Email', width: 32, of: (row) => row.student_email },
  { name: 'Student number', of: (row) => row.student_number },
  { name: 'Room', of: (row) => row.room },
  { name: 'Seat', of: (row) => row.seat },
  { name: 'State', of: (row) => (row.anonymised && row.state === 'missing' ? 'Anonymised' : STATES[row.state]) },
  { name: 'Enrolled', of: (row) => (row.enrolled ? 'Yes' : 'No') },
  { name: 'Extra minutes', of: (row) => row.extra_minutes },
  { name: 'Attempt', of: (row) => row.attempt },
  { name: 'Start', width: TIME_WIDTH, of: (row) => row.started_at },
  { name: 'End', width: TIME_WIDTH, of: (row) => row.ended_at },
  { name: 'Time zone', of: (_row, zone) => zone },
  { name: 'Session id', width: 38, of: (row) => row.session_id },
];

const TABLE = tableOf('Attendance', COLUMNS);

/** @param most rows; more are refused */
async function* pagesOf(
  db: Db,
  exam: ListedExam,
  { seenBy, left, most }: { readonly seenBy: Viewer; readonly left: AbortSignal; readonly most: number },
): AsyncGenerator<FileCell[][]> {
  let cursor: string | undefined;
  for (let count = 0; ;) {
    left.throwIfAborted();
    const rows = await listAttendees(db, exam.id, { cursor, limit: AT_ONCE, seenBy });
    count += rows.length;
    if (count > most)
      throw new ProtocolError('too_large', `an XLSX file holds at most ${most} students; download the CSV file`);
    if (rows.length > 0) yield rows.map((row) => COLUMNS.map(({ of }) => of(row, exam.time_zone)));
    if (rows.length < AT_ONCE) return;
    cursor = rows.at(-1)?.student_id;
    await setImmediate();
  }
}

/** @throws ProtocolError as `FileQueue.run` */
export const exportAttendanceCsv = (
  db: Db,
  exam: ListedExam,
  seenBy: Viewer,
  format: ExportFormat,
  { files, left }: FileTurn,
): Promise<Buffer> =>
  files.run({ person: seenBy.userId, isLarge: false, left }, () =>
    csvFile(rowsOf(db, exam, { seenBy, left, most: Infinity }), format),
  );

/** @throws ProtocolError `too_large`, or as `FileQueue.run` */
export const exportAttendanceXlsx = (
  db: Db,
  exam: ListedExam,
  seenBy: Viewer,
  { files, left }: FileTurn,
): Promise<Uint8Array> =>
  files.run({ person: seenBy.userId, isLarge: false, left }, () =>
    xlsxFile(rowsOf(db, exam, { seenBy, left, most: RESULT_LIMITS.xlsxSessions }), left),
  );

const rowsOf = (db: Db, exam: ListedExam, how: Parameters<typeof pagesOf>[2]): FileRows => ({
  table: TABLE,
  pages: pagesOf(db, exam, how),
  zone: exam.time_zone,
});
