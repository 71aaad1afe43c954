import type { ReviewWorkRow } from '../../../db/review-work.ts';
import type { ReviewWork } from '../../../protocol/http/review-work.ts';

/** State of the review of a session, as the HTTP API answers it. */
export const reviewWorkView = ({ review_state, reviewed_by, reviewer, sampled }: ReviewWorkRow): ReviewWork => ({
  state: review_state,
  by: reviewed_by,
  reviewer,
  sampled,
});
