import { listAssignments, listOwnAssignments } from '../../../../db/assignments.ts';
import {
  Assignment,
  AssignmentBody,
  AssignmentPage,
  AssignmentPath,
  OwnAssignmentPage,
} from '../../../../protocol/http/assignments.ts';
import { PageQuery, PathId } from '../../../../protocol/http/lists.ts';
import { managedExam } from '../../../access/exam-access.ts';
import {
  assignmentView,
  type AssignParts,
  assignStaff,
  ownAssignmentView,
  unassignStaff,
} from '../../../exams/assign.ts';
import { pageOf } from '../../lists/page.ts';
import { managerRoute, Reply, type Route, staffRoute } from '../../pipeline/route.ts';

/** Assignments of proctors and reviewers. */
export function staffRoutes(parts: AssignParts): Route[] {
  const { db } = parts;
  return [
    managerRoute({
      method: 'GET',
      path: '/api/exams/:id/staff',
      tag: 'Exams',
      summary: 'Lists assigned proctors and reviewers of an exam',
      description: 'Newest assignment first.',
      answer: AssignmentPage,
      params: PathId,
      query: PageQuery,
      handle: async ({ params, query, who }) => {
        const { id } = await managedExam(db, params.id, who);
        return pageOf(await listAssignments(db, id, query), query.limit, assignmentView);
      },
    }),
    managerRoute({
      method: 'POST',
      path: '/api/exams/:id/staff',
      tag: 'Exams',
      summary: 'Assigns a proctor or reviewer to an exam or room',
      description:
        'Without `room`, to the whole exam. An assignment that exists is returned with status 200. Open consoles of the person gain the sessions at once.',
      answer: Assignment,
      status: 201,
      also: { 200: Assignment },
      params: PathId,
      body: AssignmentBody,
      handle: async ({ params, body, who }) => {
        const { id } = await managedExam(db, params.id, who);
        const { assignment, isNew } = await assignStaff(parts, who, id, body);
        return new Reply(isNew ? 201 : 200, assignment);
      },
    }),
    managerRoute({
      method: 'DELETE',
      path: '/api/exams/:id/staff/:assignmentId',
      tag: 'Exams',
      summary: 'Removes an assignment',
      description: 'Open consoles of the person lose the sessions and their pictures at once.',
      params: AssignmentPath,
      handle: async ({ params, who }) => {
        const { id } = await managedExam(db, params.id, who);
        await unassignStaff(parts, who, id, params.assignmentId);
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/assignments',
      tag: 'Exams',
      summary: 'Lists own assignments',
      description: 'Exams and rooms that the caller is assigned to, newest assignment first.',
      answer: OwnAssignmentPage,
      query: PageQuery,
      handle: async ({ query, who }) =>
        pageOf(await listOwnAssignments(db, who.userId, query), query.limit, ownAssignmentView),
    }),
  ];
}
