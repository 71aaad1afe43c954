import type { Db } from '../../../../db/executor.ts';
import { ReviewAssignmentAnswer, ReviewAssignmentBody } from '../../../../protocol/http/review-work.ts';
import type { Clock } from '../../../clock.ts';
import { giveForReview } from '../../../session/review/assign-review.ts';
import { managerRoute, type Route } from '../../pipeline/route.ts';

/** Sessions given to reviewers. */
export const reviewWorkRoutes = (parts: { readonly db: Db; readonly clock: Clock }): Route[] => [
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
