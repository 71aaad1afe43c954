import type { CheckInDecisionName, CheckInPictureKind } from '../../../protocol/check-in-bounds.ts';
import type { CheckIn, CheckInDecision } from '../../../protocol/http/check-in.ts';

const ACTS: Readonly<Record<CheckIn['state'], readonly CheckInDecisionName[]>> = {
  collecting: [],
  waiting: ['admit', 'hold', 'refuse'],
  held: ['admit', 'hold', 'refuse'],
  admitted: ['hold', 'refuse'],
  refused: ['reopen'],
  withdrawn: [],
};

/** Pure: decisions that a person may take now. */
export const actsOf = ({
  state,
  mayDecide,
  sessionId,
}: Pick<CheckIn, 'state' | 'mayDecide' | 'sessionId'>): readonly CheckInDecisionName[] =>
  mayDecide && sessionId === null ? ACTS[state] : [];

/** Pure: whether a decision needs a reason. */
export const needsReason = (
  decision: CheckInDecisionName,
  { missing }: { readonly missing: readonly CheckInPictureKind[] },
): boolean => decision !== 'admit' || missing.length > 0;

/** Pure: what staff decided since a version was shown; undefined if it was the student who changed it. */
export function decidedSince(shown: CheckIn, now: CheckIn): CheckInDecision | undefined {
  const [newest] = now.decisions;
  return newest && shown.decisions.every(({ id }) => id !== newest.id) ? newest : undefined;
}
