import type { Db } from '../../../../db/executor.ts';
import { countGivenWork } from '../../../../db/given-work.ts';
import { GivenWork, ReviewAssignmentAnswer, ReviewAssignmentBody } from '../../../../protocol/http/review-work.ts';
import { manages } from '../../../access/exam-access.ts';
import type { Clock } from '../../../clock.ts';
import { giveForReview } from '../../../session/review/assign-review.ts';
import { managerRoute, type Route, staffRoute } from '../../pipeline/route.ts';

/** Sessions and appeals given to people. */
export const reviewWorkRoutes = (parts: { readonly db: Db; readonly clock: Clock }): Route[] => [
  staffRoute({
    method: 'GET',
    path: '/api/given-work',
    tag: 'Review',
    summary: 'Counts work given to the caller',
    description:
      'Sessions to review and appeals to decide and, for managers, appeals to give, among the sessions that the caller sees. Cheap: consoles ask every few seconds.',
    answer: GivenWork,
    handle: async ({ who }) => {
      const row = await countGivenWork(parts.db, who, manages(who, { organisation_id: who.organisationId }));
      return { reviews: row.reviews, appeals: row.appeals, appealsToGive: row.appeals_to_give };
    },
  }),
  managerRoute({
    method: 'PUT',
    path: '/api/review-assignments',
    tag: 'Review',
    summary: 'Gives sessions to a reviewer',
    description:
      'Sessions of managed exams, at most 100, all or none; `reviewer` null takes them back. The person must be able to review each of them, and none may be their own. Whoever may review a session still may, under their own name. Each change is recorded in the audit log.',
    answer: ReviewAssignmentAnswer,
    problems: ['not_found'],
    body: ReviewAssignmentBody,
    handle: async ({ body, who }) => ({ changed: await giveForReview(parts, who, body) }),
  }),
];
