import { findStudentExam, listAvailableExams, listMissedExams } from '../../../../db/available-exams.ts';
import type { Db } from '../../../../db/executor.ts';
import { AvailableExamPage, AvailableQuery, ExamDetails } from '../../../../protocol/http/exams.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import type { Clock } from '../../../clock.ts';
import { availableExam, examDetails } from '../../../exams/student-view.ts';
import { noExam } from '../../../access/refused.ts';
import { isShownTo } from '../../../session/live/exam-window.ts';
import { pageOf } from '../../lists/page.ts';
import { type Route, userRoute } from '../../pipeline/route.ts';

/** Age of the closed exams that a student is shown. */
const MISSED_DAYS = 30;
const DAY_MS = 24 * 3600_000;

export interface SittingRouteParts {
  readonly db: Db;
  readonly clock: Clock;
}

/** Exam routes for students. Staff see what they themselves could take. */
export function sittingRoutes({ db, clock }: SittingRouteParts): Route[] {
  return [
    userRoute({
      method: 'GET',
      path: '/api/exams/available',
      tag: 'Exams',
      summary: 'Lists exams available to the caller',
      description: `Exams open now or later, newest first, and whether each can be started now. With \`missed\`, those that closed in the last ${MISSED_DAYS} days without an attempt of the caller.`,
      answer: AvailableExamPage,
      query: AvailableQuery,
      handle: async ({ query: { cursor, limit, missed }, who }) => {
        const now = clock();
        const filter = { now: new Date(now), cursor, limit };
        const rows = missed
          ? await listMissedExams(db, who.userId, { ...filter, since: new Date(now - MISSED_DAYS * DAY_MS) })
          : await listAvailableExams(db, who.userId, filter);
        return pageOf(rows, limit, (row) => availableExam(row, now));
      },
    }),
    userRoute({
      method: 'GET',
      path: '/api/exams/:id/details',
      tag: 'Exams',
      summary: 'Returns exam details for a student',
      description: 'Shown before the student consents to proctoring.',
      answer: ExamDetails,
      params: PathId,
      handle: async ({ params, who }) => {
        const row = await findStudentExam(db, params.id, who.userId);
        const enrolled = row !== undefined && row.extra_minutes !== null;
        const isOffered = enrolled || row?.organisation_id === who.organisationId;
        const concerned = row && ((row.last && row.last.status !== 'ended') || row.readmission);
        if (!row || (!concerned && !(isOffered && isShownTo(row, enrolled)))) throw noExam(row);
        return examDetails(row, clock());
      },
    }),
  ];
}
