import type { Event } from '../../protocol/events.ts';
import type { Review } from '../../protocol/http/reviews.ts';

/** Which events are to be decided, and in which order one goes through them. */

/** Pure: what weighs or what the models saw, in the session's order; or everything. */
export const reviewable = (events: readonly Event[], all: boolean): readonly Event[] =>
  events.filter(({ weight, source }) => all || weight > 0 || source === 'vision').toSorted((a, b) => a.seq - b.seq);

/** Pure: the neighbour of an event in the list; at the ends, the event itself. */
export function neighbour(events: readonly Event[], current: string | undefined, step: 1 | -1): string | undefined {
  const at = events.findIndex(({ id }) => id === current);
  if (at < 0) return events[0]?.id;
  return events[Math.min(events.length - 1, Math.max(0, at + step))]?.id;
}

/**
 * Pure: the next event after this one that nobody has decided about, from the start again at the end; else this one.
 */
export function nextUndecided(events: readonly Event[], current: string): string {
  const at = events.findIndex(({ id }) => id === current);
  const round = [...events.slice(at + 1), ...events.slice(0, Math.max(0, at))];
  return round.find(({ review }) => review === null)?.id ?? current;
}

export interface Decision {
  readonly decision: Review['decision'];
  readonly reason: string;
}

/**
 * Pure: the review that takes the newest one back, or undefined where nobody has decided. Reviews are only added: the
 * newest one before it that says otherwise is made again; where there is none, the event is reopened.
 * @param reviews of one event, newest first
 */
export function undoOf(reviews: readonly Review[]): Decision | undefined {
  const [newest, ...before] = reviews;
  if (!newest) return undefined;
  const decision = before.find((review) => review.decision !== newest.decision)?.decision ?? 'reopened';
  if (decision === newest.decision) return undefined;
  return {
    decision,
    reason: `Undone: ${newest.decision} by ${newest.by.name || 'somebody'} (${newest.reason})`.slice(0, 2000),
  };
}
