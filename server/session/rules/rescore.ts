import type { EventRow } from '../../../db/events.ts';
import type { Policy } from '../../../protocol/policy.ts';
import { LEAK } from './evidence.ts';
import { isFlag } from './flag-event.ts';
import { hasHeld } from './incident.ts';
import { weightOf } from './risk.ts';

/** Columns of an event that its score depends on. */
export type ScoredEvent = Pick<EventRow, 'type' | 'source' | 'duration_ms' | 'details' | 'review' | 'weight'>;

/** `recorded`: that the session ran under. `other`: that it is scored under. Both with the student's accommodations. */
export interface PolicyPair {
  readonly recorded: Policy;
  readonly other: Policy;
}

/** Sums over the events so far. `paused`: nothing weighs until the session is resumed or continued. */
export interface Rescoring {
  readonly riskScore: number;
  /** Excluding dismissed events. */
  readonly reviewedScore: number;
  readonly paused: boolean;
}

export const UNSCORED: Rescoring = { riskScore: 0, reviewedScore: 0, paused: false };

const HOLD_OF: Readonly<Record<string, keyof Policy['holds']>> = {
  NO_FACE: 'noFace',
  LOOKING_AWAY: 'lookingAway',
  CAMERA_COVERED: 'cameraCovered',
  FROZEN_VIDEO: 'frozenVideo',
  NO_FRAME_RECEIVED: 'noFrame',
};

/**
 * Whether the incident would have opened under the other policy too. One that asks for less opened it earlier; what it
 * would have opened besides was never recorded, and cannot be known.
 */
export function wouldOpen({ recorded, other }: PolicyPair, event: ScoredEvent): boolean {
  const {
    frames,
    unknownSeconds = 0,
    clearSeconds = 0,
  } = event.details as Readonly<Partial<Record<'frames' | 'unknownSeconds' | 'clearSeconds', number>>>;
  if (event.type === 'MULTIPLE_FACES') {
    return (
      other.multipleFaces.frames <= recorded.multipleFaces.frames ||
      frames === undefined ||
      frames >= other.multipleFaces.frames
    );
  }
  const hold = HOLD_OF[event.type];
  if (hold === undefined || other.holds[hold] <= recorded.holds[hold] || event.duration_ms === null) return true;
  // Time with the condition less the leak of the time without it (`evidence.ts`).
  const lasted = Math.max(0, event.duration_ms - (unknownSeconds + (1 + LEAK) * clearSeconds) * 1000);
  return hasHeld({ holdMs: other.holds[hold] * 1000, minFrames: 0 }, lasted, frames ?? 0);
}

/** Takes a session's next event, in its order. */
export function scoreAgain(policies: PolicyPair, state: Rescoring, event: ScoredEvent): Rescoring {
  // A person's flag keeps its weight, whatever the policy says of what the server finds.
  if (isFlag(event))
    return { ...state, reviewedScore: state.reviewedScore + (event.review === 'dismissed' ? 0 : event.weight) };
  const paused = state.paused && event.type !== 'SESSION_RESUMED' && event.type !== 'SESSION_CONTINUED';
  const weight = paused || !wouldOpen(policies, event) ? 0 : weightOf(policies.other, event.type);
  return {
    riskScore: state.riskScore + weight,
    reviewedScore: state.reviewedScore + (event.review === 'dismissed' ? 0 : weight),
    paused: paused || event.type === 'SESSION_PAUSED',
  };
}
