import type { CheckInDecisionName } from '../../protocol/check-in-bounds.ts';
import { tabStorage } from '../shared/safe-storage.ts';

/** Reasons that a person gave, newest first, until the tab is closed: they may name a student. */

const KEY = 'invigil.reasons';
const KEPT = 5;

export type ReasonFor = 'confirmed' | 'dismissed' | 'verdict' | `check-in ${CheckInDecisionName}`;

/** Pure: the reasons with one more in front. */
export const withReason = (reasons: readonly string[], reason: string): readonly string[] =>
  [reason, ...reasons.filter((other) => other !== reason)].slice(0, KEPT);

const isStored = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function read(user: string): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(tabStorage().getItem(`${KEY}.${user}`) ?? '{}');
    return isStored(stored) ? stored : {};
  } catch {
    return {};
  }
}

export function givenReasons(user: string, what: ReasonFor): readonly string[] {
  const stored = read(user)[what];
  return Array.isArray(stored) ? stored.filter((reason) => typeof reason === 'string') : [];
}

export function rememberReason(user: string, what: ReasonFor, reason: string): void {
  const stored = { ...read(user), [what]: withReason(givenReasons(user, what), reason) };
  tabStorage().setItem(`${KEY}.${user}`, JSON.stringify(stored));
}
