import type { Review } from '../../protocol/http/reviews.ts';

type Decision = Review['decision'];

export const REVIEW_NAMES: Readonly<Record<Decision, string>> = {
  confirmed: 'Confirmed',
  dismissed: 'Dismissed',
  reopened: 'Reopened',
};
const LOOKS: Readonly<Record<Decision, string>> = {
  confirmed: 'badge high',
  dismissed: 'badge low',
  reopened: 'badge',
};

interface ReviewBadgeProps {
  /** A decision, or how an event stands: null while nobody has decided. */
  readonly review: Decision | null;
}

export const ReviewBadge = ({ review }: ReviewBadgeProps) =>
  review === null ? <span class="badge">Not decided</span> : <span class={LOOKS[review]}>{REVIEW_NAMES[review]}</span>;
