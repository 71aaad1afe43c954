import { countExamContents } from '../../../../db/delete-exam.ts';
import { listExams } from '../../../../db/exams.ts';
import { listPolicies } from '../../../../db/exam-policies.ts';
import {
  ChangeExamStatusBody,
  CreateExamBody,
  Exam,
  ExamContents,
  ExamDefaults as ExamDefaultsAnswer,
  ExamPage,
  ExamPolicyProfileBody,
  ExamQuery,
  PolicyVersionPage,
  PolicyVersionQuery,
  ReplaceExamBody,
} from '../../../../protocol/http/exams.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { Policy } from '../../../../protocol/policy.ts';
import { dayAround } from '../../../../protocol/zoned-time.ts';
import { managedExam, seenExam } from '../../../access/exam-access.ts';
import type { AccessChanges } from '../../../access/live-access.ts';
import { organisationFor } from '../../../access/user-access.ts';
import type { EvidenceRetention } from '../../../evidence/evidence-retention.ts';
import { changeStatus } from '../../../exams/change-status.ts';
import { examViews, viewOfExam } from '../../../exams/exam-view.ts';
import {
  createExam,
  type ExamDefaults,
  type ExamParts,
  removeExam,
  replaceExam,
  takePolicyProfile,
} from '../../../exams/write.ts';
import type { LiveSessions } from '../../../session/live/session-acts.ts';
import { pageBy, pageOf } from '../../lists/page.ts';
import { POLICY_LIMIT, managerRoute, staffRoute, type Route } from '../../pipeline/route.ts';

export interface ExamRouteParts extends ExamParts {
  readonly access: AccessChanges;
  readonly sessions: LiveSessions;
  readonly examDefaults: ExamDefaults;
  readonly pictures: Pick<EvidenceRetention, 'discard'>;
}

/** Exam routes for staff. */
export function examRoutes(parts: ExamRouteParts): Route[] {
  const { db, examDefaults } = parts;
  return [
    managerRoute({
      method: 'POST',
      path: '/api/exams',
      tag: 'Exams',
      summary: 'Creates an exam',
      answer: Exam,
      status: 201,
      problems: ['not_found', 'profile_archived'],
      body: CreateExamBody,
      bodyLimit: POLICY_LIMIT,
      handle: async ({ body: { organisationId, ...body }, who }) => {
        const organisation = await organisationFor(db, who, organisationId);
        return viewOfExam(db, await createExam(parts, who, body, { ...examDefaults, organisationId: organisation }));
      },
    }),
    managerRoute({
      method: 'GET',
      path: '/api/exams/defaults',
      tag: 'Exams',
      summary: 'Returns defaults for new exams',
      answer: ExamDefaultsAnswer,
      handle: () => Promise.resolve({ ...examDefaults, maxAttempts: 1, policy: Policy.parse({}) }),
    }),
    staffRoute({
      method: 'GET',
      path: '/api/exams',
      tag: 'Exams',
      summary: 'Lists exams',
      description: 'Newest first, those that the caller sees.',
      answer: ExamPage,
      query: ExamQuery,
      handle: async ({ query: { cursor, limit, status, q, when, timeZone }, who }) => {
        const { from, to } = dayAround(parts.clock(), timeZone);
        const day = { from: new Date(from), to: new Date(to) };
        const filter = { cursor, limit, statuses: status && [status], title: q, when, day, seenBy: who };
        const rows = await listExams(db, filter);
        return pageOf(rows, limit, await examViews(db, rows));
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id',
      tag: 'Exams',
      summary: 'Returns an exam',
      answer: Exam,
      params: PathId,
      handle: async ({ params, who }) => viewOfExam(db, await seenExam(db, params.id, who)),
    }),
    managerRoute({
      method: 'PUT',
      path: '/api/exams/:id',
      tag: 'Exams',
      summary: 'Replaces an exam',
      description: 'All fields but the status. A changed policy gets the next version; running sessions keep theirs.',
      answer: Exam,
      problems: ['profile_archived', 'changed_meanwhile'],
      params: PathId,
      body: ReplaceExamBody,
      bodyLimit: POLICY_LIMIT,
      handle: async ({ params, body, who }) => {
        const { id } = await managedExam(db, params.id, who);
        return viewOfExam(db, await replaceExam(parts, who, id, body));
      },
    }),
    managerRoute({
      method: 'PUT',
      path: '/api/exams/:id/policy-profile',
      tag: 'Exams',
      summary: 'Takes over the current version of a policy profile',
      description: 'A changed policy gets the next version of the exam; running sessions keep theirs.',
      answer: Exam,
      problems: ['profile_archived', 'changed_meanwhile'],
      params: PathId,
      body: ExamPolicyProfileBody,
      handle: async ({ params, body, who }) => {
        const { id } = await managedExam(db, params.id, who);
        return viewOfExam(db, await takePolicyProfile(parts, who, id, body));
      },
    }),
    managerRoute({
      method: 'GET',
      path: '/api/exams/:id/contents',
      tag: 'Exams',
      summary: 'Counts rows that are deleted with an exam',
      answer: ExamContents,
      params: PathId,
      handle: async ({ params, who }) => countExamContents(db, (await managedExam(db, params.id, who)).id),
    }),
    managerRoute({
      method: 'DELETE',
      path: '/api/exams/:id',
      tag: 'Exams',
      summary: 'Deletes an exam',
      description:
        'The exam must have no sessions or be archived; sessions of an archived exam are deleted with it. Refused with `appeal_open` while an appeal about one of them is.',
      problems: ['exam_has_sessions', 'appeal_open'],
      params: PathId,
      handle: async ({ params, who }) => {
        const { id } = await managedExam(db, params.id, who);
        await removeExam(parts, who, id);
      },
    }),
    managerRoute({
      method: 'PATCH',
      path: '/api/exams/:id/status',
      tag: 'Exams',
      summary: 'Changes the status of an exam',
      description: 'draft, scheduled, active, completed, archived.',
      answer: Exam,
      problems: ['bad_transition', 'exam_has_sessions', 'session_not_live'],
      params: PathId,
      body: ChangeExamStatusBody,
      handle: async ({ params, body, who }) => {
        const { id } = await managedExam(db, params.id, who);
        return viewOfExam(db, await changeStatus(parts, who, id, body.status, body));
      },
    }),
    staffRoute({
      method: 'GET',
      path: '/api/exams/:id/policies',
      tag: 'Exams',
      summary: 'Lists policy versions of an exam',
      description: 'Newest first.',
      answer: PolicyVersionPage,
      params: PathId,
      query: PolicyVersionQuery,
      handle: async ({ params, query: { cursor, limit }, who }) => {
        const { id } = await seenExam(db, params.id, who);
        const rows = await listPolicies(db, id, { before: cursor, limit });
        const view = (row: (typeof rows)[number]) => ({
          version: row.version,
          policy: row.policy,
          createdBy: row.created_by,
          createdAt: row.created_at.toISOString(),
        });
        return pageBy(rows, limit, view, ({ version }) => String(version));
      },
    }),
  ];
}
