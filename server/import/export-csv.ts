import { setImmediate } from 'node:timers/promises';
import type { Db } from '../../db/executor.ts';
import { listExportedEnrolments } from '../../db/imports.ts';
import { listUsers, type UserFilter } from '../../db/list-users.ts';
import { BYTE_ORDER_MARK, CSV_SEPARATORS, csvLine } from '../../protocol/csv.ts';
import type { ExportFormat } from '../../protocol/http/imports.ts';

/** Rows per statement. */
const AT_ONCE = 200;

type Cell = string | number | null;

/**
 * Reads page by page, so that no turn of the event loop depends on the size of the export.
 * @param left aborts when the client is gone
 */
async function write<Row>(
  { bom, separator }: ExportFormat,
  header: readonly string[],
  page: (last: Row | undefined) => Promise<readonly Row[]>,
  cells: (row: Row) => readonly Cell[],
  left: AbortSignal,
): Promise<Buffer> {
  const by = CSV_SEPARATORS[separator];
  const parts = [Buffer.from((bom ? BYTE_ORDER_MARK : '') + csvLine(header, by))];
  for (let last: Row | undefined; ;) {
    left.throwIfAborted();
    const rows = await page(last);
    parts.push(Buffer.from(rows.map((row) => csvLine(cells(row), by)).join('')));
    if (rows.length < AT_ONCE) return Buffer.concat(parts);
    last = rows.at(-1);
    await setImmediate();
  }
}

/** People, as an import reads them; anonymised ones are left out. */
export const exportPeople = (
  db: Db,
  format: ExportFormat,
  filter: Pick<UserFilter, 'role' | 'organisation' | 'disabled'>,
  left: AbortSignal,
): Promise<Buffer> =>
  write(
    format,
    ['email', 'name', 'role', 'student number', 'external id'],
    (last: { id: string } | undefined) =>
      listUsers(db, { ...filter, anonymised: false, cursor: last?.id, limit: AT_ONCE }),
    ({ email, name, role, student_number, external_id }) => [email, name, role, student_number, external_id],
    left,
  );

/** Enrolments of an exam, as an import reads them; those of anonymised people are left out. */
export const exportEnrolments = (db: Db, format: ExportFormat, examId: string, left: AbortSignal): Promise<Buffer> =>
  write(
    format,
    [
      'email',
      'name',
      'student number',
      'external id',
      'exam id',
      'exam',
      'room',
      'seat',
      'extra minutes',
      'accommodations',
    ],
    (last: { student_id: string } | undefined) =>
      listExportedEnrolments(db, examId, { cursor: last?.student_id, limit: AT_ONCE }),
    (row) => [
      row.email,
      row.name,
      row.student_number,
      row.external_id,
      row.exam_id,
      row.title,
      row.room,
      row.seat,
      row.extra_minutes,
      row.profile_name,
    ],
    left,
  );
