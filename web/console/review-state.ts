import type { Event } from '../../protocol/events.ts';
import type { Review } from '../../protocol/http/reviews.ts';

import { t } from './messages.ts';

/** Pure: whether an event has a weight or is from the camera analysis. */
export const counts = ({ weight, source }: Pick<Event, 'weight' | 'source'>): boolean =>
  weight > 0 || source === 'vision';

/** Pure: events with a weight or from the camera analysis, oldest first; `all` includes the others. */
export const reviewable = (events: readonly Event[], all: boolean): readonly Event[] =>
  events.filter((event) => all || counts(event)).toSorted((a, b) => a.seq - b.seq);

/** Pure: acts of staff are facts, which nobody confirms or dismisses; what they flag is not. */
export const isDecidable = ({ source, type }: Pick<Event, 'source' | 'type'>): boolean =>
  source !== 'proctor' || type === 'PROCTOR_FLAG';

export interface Decision {
  readonly decision: Review['decision'];
  readonly reason: string;
}

/**
 * Pure: the review that undoes the newest one; undefined without a decision. Reviews are append-only: the newest
 * earlier one with a different decision is repeated, or, without one, the event is reopened.
 * @param reviews of one event, newest first
 */
export function undoOf(reviews: readonly Review[]): Decision | undefined {
  const [newest, ...before] = reviews;
  if (!newest) return undefined;
  const decision = before.find((review) => review.decision !== newest.decision)?.decision ?? 'reopened';
  if (decision === newest.decision) return undefined;
  return {
    decision,
    reason: t.review
      .undone(t.review.decisions[newest.decision].toLowerCase(), newest.by.name || t.review.someone, newest.reason)
      .slice(0, 2000),
  };
}

const actOf = ({ id, act }: Review): string => act ?? id;

/**
 * Pure: the newest act of a person that stands: what they undo when they undo their last decision.
 * @param reviews of a session, newest first
 */
export function newestActOf(reviews: readonly Review[], person: string): string | undefined {
  const undone = new Set(reviews.map(({ undoes }) => undoes));
  const newest = reviews.find((review) => review.by.id === person && !review.undoes && !undone.has(actOf(review)));
  return newest && actOf(newest);
}

/** Pure: events by the decision that is seen on them, as a group decision names them. */
export const seenAs = (events: readonly Event[]) => {
  const withReview = (review: Event['review']) => events.filter((one) => one.review === review).map(({ id }) => id);
  return {
    undecided: withReview(null),
    confirmed: withReview('confirmed'),
    dismissed: withReview('dismissed'),
  };
};
