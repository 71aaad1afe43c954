import type { DetectionChanges } from '../../../protocol/accommodations.ts';
import type { Policy } from '../../../protocol/policy.ts';

/** The exam's policy with one student's accommodations applied. */
export function accommodate(policy: Policy, { gaze, holds = {}, weights = {} }: DetectionChanges): Policy {
  return {
    ...policy,
    gaze: gaze === false ? { ...policy.gaze, enabled: false } : policy.gaze,
    holds: {
      ...policy.holds,
      ...Object.fromEntries(Object.entries(holds).filter(([, seconds]) => seconds !== undefined)),
    },
    weights: { ...policy.weights, ...weights },
  };
}
