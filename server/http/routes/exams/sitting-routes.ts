import { findStudentExam, listAvailableExams } from '../../../../db/available-exams.ts';
import type { Db } from '../../../../db/executor.ts';
import { AvailableExamPage, ExamDetails } from '../../../../protocol/http/exams.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import type { Clock } from '../../../clock.ts';
import { availableExam, examDetails } from '../../../exams/student-view.ts';
import { noExam } from '../../../access/refused.ts';
import { isShownTo } from '../../../session/live/exam-window.ts';
import { pageOf } from '../../lists/page.ts';
import { type Route, userRoute } from '../../pipeline/route.ts';

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
      description: 'Exams open now or later, newest first, and whether each can be started now.',
      answer: AvailableExamPage,
      query: PageQuery,
      handle: async ({ query: { cursor, limit }, who }) => {
        const now = clock();
        const rows = await listAvailableExams(db, who.userId, { now: new Date(now), cursor, limit });
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
