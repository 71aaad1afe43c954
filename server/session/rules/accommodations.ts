import type { DetectionChanges, SessionAccommodations } from '../../../protocol/accommodations.ts';
import { challengesOf, type Policy } from '../../../protocol/policy.ts';

/** The exam's policy with one student's accommodations applied. */
export function accommodate(policy: Policy, { gaze, challenges, holds = {}, weights = {} }: DetectionChanges): Policy {
  return {
    ...policy,
    challenges: turnsUnder(challengesOf(policy), gaze, challenges),
    gaze: gaze === false ? { ...policy.gaze, enabled: false } : policy.gaze,
    holds: {
      ...policy.holds,
      ...Object.fromEntries(Object.entries(holds).filter(([, seconds]) => seconds !== undefined)),
    },
    weights: { ...policy.weights, ...weights },
  };
}

/**
 * Gaze is switched off for people whose eyes, and often whose heads, move otherwise than those of others, and for people
 * who see no arrow: unless their accommodations say that head turns are fine, only a proctor, who has read them, asks.
 */
function turnsUnder(
  turns: Policy['challenges'],
  gaze: boolean | undefined,
  challenges: boolean | undefined,
): Policy['challenges'] {
  if (challenges === false) return { ...turns, enabled: false };
  return gaze === false && challenges !== true ? { ...turns, perHour: 0 } : turns;
}

/** Changes that only favour the student: gaze off, no head turns, longer holds, lower weights. Others are left out. */
export function favour(policy: Policy, { gaze, challenges, holds = {}, weights = {} }: DetectionChanges): Policy {
  const longer = Object.entries(holds).filter(
    ([name, seconds]) => seconds !== undefined && seconds > policy.holds[name as keyof Policy['holds']],
  );
  const lower = Object.entries(weights).filter(
    ([type, weight]) => weight < (policy.weights[type] ?? policy.unknownWeight),
  );
  return accommodate(policy, {
    gaze,
    challenges,
    holds: Object.fromEntries(longer),
    weights: Object.fromEntries(lower),
  });
}

/** The exam's policy under a session's accommodations: the enrolment's changes replace it, its profile's favour the student. */
export function accommodatedPolicy(
  policy: Policy,
  { detection, profile }: Pick<SessionAccommodations, 'detection' | 'profile'>,
): Policy {
  const own = accommodate(policy, detection);
  return profile ? favour(own, profile.detection) : own;
}
