import { findEnrolment, listEnrolments } from '../../../../db/enrolments.ts';
import { Enrolment, EnrolmentBody, EnrolmentPage, EnrolmentPath } from '../../../../protocol/http/enrolments.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { managedExam, seenExam } from '../../../access/exam-access.ts';
import { enrol, enrolmentView, notEnrolled, unenrol } from '../../../exams/enrol.ts';
import type { EvidenceRetention } from '../../../evidence/evidence-retention.ts';
import type { ExamParts } from '../../../exams/write.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { pageBy } from '../../lists/page.ts';
import { POLICY_LIMIT, Reply, managerRoute, staffRoute, type Route } from '../../pipeline/route.ts';

/** Enrolments and accommodations. */
export function enrolmentRoutes(
  parts: ExamParts & { readonly sessions: LiveSessions; readonly pictures: Pick<EvidenceRetention, 'discard'> },
): Route[] {
  const { db } = parts;
  return [
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/students',
      tag: 'Enrolment',
      summary: 'Lists enrolled students',
      description: 'Ordered by student id. Staff of a room see the students of that room.',
      answer: EnrolmentPage,
      params: PathId,
      query: PageQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const rows = await listEnrolments(db, id, { cursor, limit, seenBy: who });
        return pageBy(rows, limit, enrolmentView, (row) => row.student_id);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/students/:userId',
      tag: 'Enrolment',
      summary: 'Returns an enrolment',
      answer: Enrolment,
      params: EnrolmentPath,
      handle: async ({ params, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const row = await findEnrolment(db, id, params.userId, who);
        if (!row) throw notEnrolled();
        return enrolmentView(row);
      },
    }),
    managerRoute({
      method: 'PUT',
      path: '/api/exams/:id/students/:userId',
      tag: 'Enrolment',
      summary: 'Enrols a student or replaces the enrolment',
      description:
        'Sets accommodations and room. A running session keeps the accommodations that it started with, and moves to the room.',
      answer: Enrolment,
      also: { 201: Enrolment },
      problems: ['profile_archived', 'changed_meanwhile', 'not_enrolled'],
      params: EnrolmentPath,
      body: EnrolmentBody,
      bodyLimit: POLICY_LIMIT,
      handle: async ({ params, body, who }) => {
        const { id } = await managedExam(db, params.id, who);
        const { enrolment, isNew } = await enrol(parts, who, { exam_id: id, student_id: params.userId }, body);
        return new Reply(isNew ? 201 : 200, enrolment);
      },
    }),
    managerRoute({
      method: 'DELETE',
      path: '/api/exams/:id/students/:userId',
      tag: 'Enrolment',
      summary: 'Removes an enrolment',
      description:
        'A running session continues. In an exam for enrolled students an open check-in is closed and its pictures are erased.',
      params: EnrolmentPath,
      handle: async ({ params, who }) => {
        const { id } = await managedExam(db, params.id, who);
        await unenrol(parts, who, { exam_id: id, student_id: params.userId });
      },
    }),
  ];
}
