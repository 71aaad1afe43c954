import type { Event } from '../../protocol/events.ts';
import type { Review } from '../../protocol/http/reviews.ts';

import { t } from './messages.ts';

/** Pure: events with a weight or from the camera analysis, oldest first; `all` includes the others. */
export const reviewable = (events: readonly Event[], all: boolean): readonly Event[] =>
  events.filter(({ weight, source }) => all || weight > 0 || source === 'vision').toSorted((a, b) => a.seq - b.seq);

/** Pure: acts of staff are facts, which nobody confirms or dismisses. */
export const isDecidable = ({ source }: Pick<Event, 'source'>): boolean => source !== 'proctor';

/** Pure: the next or previous event in the list; at the ends, the event itself. */
export function neighbour(events: readonly Event[], current: string | undefined, step: 1 | -1): string | undefined {
  const at = events.findIndex(({ id }) => id === current);
  if (at < 0) return events[0]?.id;
  return events[Math.min(events.length - 1, Math.max(0, at + step))]?.id;
}

/** Pure: the next event without a decision, continuing from the start of the list; else the current one. */
export function nextUndecided(events: readonly Event[], current: string): string {
  const at = events.findIndex(({ id }) => id === current);
  const round = [...events.slice(at + 1), ...events.slice(0, Math.max(0, at))];
  return round.find((event) => event.review === null && isDecidable(event))?.id ?? current;
}

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
