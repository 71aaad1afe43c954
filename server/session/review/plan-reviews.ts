import { uuidv7 } from 'uuidv7';
import type { EventRow } from '../../../db/events.ts';
import type { ReviewRow } from '../../../db/reviews.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { GroupReviewBody, Review } from '../../../protocol/http/reviews.ts';
import type { ReviewDecision } from '../record/review-records.ts';
import { isFlag } from '../rules/flag-event.ts';
import { actOf, standingReviews } from './standing-reviews.ts';

/** Author and time of an act. */
export interface ActBy {
  readonly by: string;
  readonly at: Date;
}

/** Acts of staff are facts; what they flag is not. A decision from before this rule can be reopened. */
export function refuseActOfStaff(event: EventRow, decision: Review['decision']): void {
  const { id, source, review } = event;
  if (source !== 'proctor' || isFlag(event) || (decision === 'reopened' && review !== null)) return;
  throw new ProtocolError('act_of_staff', 'acts of staff are facts: they are neither confirmed nor dismissed', {
    ref: id,
  });
}

const decidedMeanwhile = (changed: readonly string[], of: number): ProtocolError =>
  new ProtocolError(
    'decided_meanwhile',
    `${changed.length} of ${of} events have another decision by now; nothing was changed`,
    { ref: changed[0]! },
  );

export const idsOf = ({ undecided, confirmed, dismissed }: GroupReviewBody['events']): string[] => [
  ...undecided,
  ...confirmed,
  ...dismissed,
];

/** Pure: one decision about many events. @throws ProtocolError `act_of_staff` or `decided_meanwhile` */
export function planGroup(
  { decision, reason, events: seen }: GroupReviewBody,
  events: ReadonlyMap<string, EventRow>,
  { by, at }: ActBy,
): ReviewDecision[] {
  const ids = idsOf(seen);
  for (const id of ids) refuseActOfStaff(events.get(id)!, decision);
  const hasOther = (review: EventRow['review']) => (id: string) => events.get(id)!.review !== review;
  const changed = [
    ...seen.undecided.filter(hasOther(null)),
    ...seen.confirmed.filter(hasOther('confirmed')),
    ...seen.dismissed.filter(hasOther('dismissed')),
  ];
  if (changed.length > 0) throw decidedMeanwhile(changed, ids.length);
  const act = uuidv7();
  const inOrder = ids.toSorted((a, b) => events.get(a)!.seq - events.get(b)!.seq);
  return inOrder.map((eventId) => ({ id: uuidv7(), eventId, decision, reason, by, at, act }));
}

/**
 * Pure: takes an act back: each of its events gets the decision that it had before, or is reopened.
 * @param reviews of the events of the act, oldest first
 * @throws ProtocolError `not_found`, or `decided_meanwhile` unless it is the newest standing act of all its events
 */
export function planUndo(act: string, reviews: readonly ReviewRow[], { by, at }: ActBy): ReviewDecision[] {
  const own = reviews.filter((review) => actOf(review) === act);
  const [first] = own;
  if (!first) throw new ProtocolError('not_found', 'no such act of review');
  const standing = standingReviews(reviews);
  const isNewest = ({ event_id }: ReviewRow) => {
    const last = standing.get(event_id)?.at(-1);
    return last !== undefined && actOf(last) === act;
  };
  const changed = own.filter((review) => !isNewest(review)).map(({ event_id }) => event_id);
  if (changed.length > 0) throw decidedMeanwhile(changed, own.length);
  const id = uuidv7();
  return own.map(({ event_id: eventId }) => ({
    id: uuidv7(),
    eventId,
    decision: standing.get(eventId)?.at(-2)?.decision ?? 'reopened',
    reason: undoneReason(first),
    by,
    at,
    act: id,
    undoes: act,
  }));
}

/** Maximum length of a reason, characters. */
const REASON = 2000;

const undoneReason = ({ decision, by_name, reason }: ReviewRow): string =>
  `Undone: ${decision} by ${by_name} (${reason})`.slice(0, REASON);
