import { DEFAULT_WEIGHTS, isStudentWord, type Level } from '../../../protocol/event-types.ts';
import type { Risk } from '../../../protocol/events.ts';
import type { Policy } from '../../../protocol/policy.ts';

/** `rolling` is the decayed sum as it stood at `at` (server ms). */
export interface RiskState {
  readonly score: number;
  readonly rolling: number;
  readonly at: number;
}

type RiskPolicy = Pick<Policy, 'halfLifeSeconds' | 'levels' | 'weights' | 'unknownWeight'>;

/**
 * Weight of an event type. For a type that the policy does not name: its default, or the weight of unknown types. Whoever
 * asks for help is not held to it.
 */
export const weightOf = (policy: RiskPolicy, type: string): number =>
  isStudentWord(type) ? 0 : (own(policy.weights, type) ?? own(DEFAULT_WEIGHTS, type) ?? policy.unknownWeight);

const own = (weights: Readonly<Record<string, number>>, type: string): number | undefined =>
  Object.hasOwn(weights, type) ? weights[type] : undefined;

/** Exponential decay: half of it is left after one half-life. A clock that goes back does not raise it. */
export function rollingAt(policy: RiskPolicy, state: RiskState, now: number): number {
  const elapsed = Math.max(0, now - state.at);
  return state.rolling * 2 ** (-elapsed / (policy.halfLifeSeconds * 1000));
}

export function addWeight(policy: RiskPolicy, state: RiskState, weight: number, now: number): RiskState {
  return { score: state.score + weight, rolling: rollingAt(policy, state, now) + weight, at: Math.max(now, state.at) };
}

export function levelOf(policy: Pick<RiskPolicy, 'levels'>, score: number): Level {
  if (score < policy.levels.medium) return 'Low';
  return score < policy.levels.high ? 'Medium' : 'High';
}

/** Risk for display: the rolling value is rounded to a thousandth. */
export function riskView(policy: RiskPolicy, state: RiskState, now: number): Risk {
  return {
    score: state.score,
    rolling: Math.round(rollingAt(policy, state, now) * 1000) / 1000,
    level: levelOf(policy, state.score),
  };
}
