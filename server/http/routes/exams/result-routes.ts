import { z } from 'zod';
import type { Db } from '../../../../db/executor.ts';
import { ResultExportQuery } from '../../../../protocol/http/imports.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { ResultPage } from '../../../../protocol/http/results.ts';
import { seenExam } from '../../../access/exam-access.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import { exportAttendanceCsv, exportAttendanceXlsx } from '../../../results/export-attendance.ts';
import { exportResultsCsv, exportResultsXlsx } from '../../../results/export-results.ts';
import { FileQueue } from '../../../results/file-queue.ts';
import { readResults } from '../../../results/results.ts';
import { pageBy } from '../../lists/page.ts';
import { Reply, type Route, staffRoute } from '../../pipeline/route.ts';

export interface ResultRouteParts {
  readonly db: Db;
  readonly security: Pick<SecurityLog, 'record'>;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const download = (content: Uint8Array, ending: string, name = 'results') =>
  new Reply(200, content, {
    'Content-Disposition': `attachment; filename="${name}.${ending}"`,
    'Cache-Control': 'no-store',
  });

/** Results of an exam, one row a session that the person sees, and files of them and of the attendance. */
export function resultRoutes({ db, security }: ResultRouteParts): Route[] {
  const [csvFiles, xlsxFiles] = [new FileQueue(), new FileQueue()];
  return [
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/results',
      tag: 'Review',
      summary: 'Lists results of an exam',
      description:
        'One row a session that the caller sees: student, times, scores before and after review, incidents by type, verdict, accommodations. In order of start.',
      answer: ResultPage,
      params: PathId,
      query: PageQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const rows = await readResults(db, id, { cursor, limit, seenBy: who });
        return pageBy(
          rows,
          limit,
          (row) => row,
          ({ sessionId }) => sessionId,
        );
      },
    }),
    staffRoute({
      line: 'own',
      method: 'GET',
      path: '/api/exams/:id/results/csv',
      tag: 'Review',
      summary: 'Exports results of an exam as CSV',
      description:
        'One row a session that the caller sees. Times are those of the zone of the exam, with their offset. Values that spreadsheets take for formulas begin with an apostrophe. One file per person at a time. Recorded in the audit log.',
      produces: 'text/csv; charset=utf-8',
      answer: z.string(),
      params: PathId,
      query: ResultExportQuery,
      handle: async ({ params, query, who, address, left }) => {
        const exam = await seenExam(db, params.id, who);
        const file = await exportResultsCsv(db, exam, who, query, { files: csvFiles, left });
        security.record({ kind: 'results_exported', actor: who.userId, target: exam.id, address });
        return download(file, 'csv');
      },
    }),
    staffRoute({
      line: 'own',
      method: 'GET',
      path: '/api/exams/:id/results/xlsx',
      tag: 'Review',
      summary: 'Exports results of an exam as XLSX',
      description:
        'One row a session that the caller sees. Times are by the clock of the zone of the exam; texts are text cells. At most 20,000 sessions; one file per person at a time. Recorded in the audit log.',
      produces: XLSX,
      answer: z.string().meta({ format: 'binary' }),
      problems: ['too_large'],
      params: PathId,
      handle: async ({ params, who, address, left }) => {
        const exam = await seenExam(db, params.id, who);
        const file = await exportResultsXlsx(db, exam, who, { files: xlsxFiles, left });
        security.record({ kind: 'results_exported', actor: who.userId, target: exam.id, address });
        return download(file, 'xlsx');
      },
    }),
    staffRoute({
      line: 'own',
      method: 'GET',
      path: '/api/exams/:id/attendance/csv',
      tag: 'Enrolment',
      summary: 'Exports attendance of an exam as CSV',
      description:
        'One row a student that the caller sees, those who are missing included, with the latest attempt. Times and formulas as in results. One file per person at a time. Recorded in the audit log.',
      produces: 'text/csv; charset=utf-8',
      answer: z.string(),
      params: PathId,
      query: ResultExportQuery,
      handle: async ({ params, query, who, address, left }) => {
        const exam = await seenExam(db, params.id, who);
        const file = await exportAttendanceCsv(db, exam, who, query, { files: csvFiles, left });
        security.record({ kind: 'enrolments_exported', actor: who.userId, target: exam.id, address });
        return download(file, 'csv', 'attendance');
      },
    }),
    staffRoute({
      line: 'own',
      method: 'GET',
      path: '/api/exams/:id/attendance/xlsx',
      tag: 'Enrolment',
      summary: 'Exports attendance of an exam as XLSX',
      description:
        'One row a student that the caller sees, those who are missing included, with the latest attempt. Times are by the clock of the zone of the exam. At most 20,000 students; one file per person at a time. Recorded in the audit log.',
      produces: XLSX,
      answer: z.string().meta({ format: 'binary' }),
      problems: ['too_large'],
      params: PathId,
      handle: async ({ params, who, address, left }) => {
        const exam = await seenExam(db, params.id, who);
        const file = await exportAttendanceXlsx(db, exam, who, { files: xlsxFiles, left });
        security.record({ kind: 'enrolments_exported', actor: who.userId, target: exam.id, address });
        return download(file, 'xlsx', 'attendance');
      },
    }),
  ];
}
