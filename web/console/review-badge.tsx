import type { Review } from '../../protocol/http/reviews.ts';
import { t } from './messages.ts';

type Decision = Review['decision'];

const CLASSES: Readonly<Record<Decision, string>> = {
  confirmed: 'badge high',
  dismissed: 'badge low',
  reopened: 'badge',
};

interface ReviewBadgeProps {
  /** The decision; null if there is none. */
  readonly review: Decision | null;
}

export const ReviewBadge = ({ review }: ReviewBadgeProps) =>
  review === null ? (
    <span class="badge">{t.review.notReviewed}</span>
  ) : (
    <span class={CLASSES[review]}>{t.review.decisions[review]}</span>
  );
