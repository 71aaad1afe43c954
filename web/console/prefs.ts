import { DEFAULT_KEYS, keysProblem, TRIAGE_ACTIONS, type TriageKeys } from './triage.ts';

/** How somebody wants their console on this machine. */
export interface Prefs {
  readonly names: 'shown' | 'hidden';
  readonly pictures: 'shown' | 'blurred' | 'grey' | 'off';
  /** On a new High. */
  readonly sound: boolean;
  readonly badge: boolean;
  /** Single keys in the review. */
  readonly keysOn: boolean;
  readonly keys: TriageKeys;
}

export const DEFAULT_PREFS: Prefs = {
  names: 'shown',
  pictures: 'shown',
  sound: true,
  badge: true,
  keysOn: true,
  keys: DEFAULT_KEYS,
};

const PICTURES: readonly string[] = ['shown', 'blurred', 'grey', 'off'];

/** Pure: what was kept, as far as it is still understood; the rest is as it is for somebody new. */
export function parsePrefs(text: string | null): Prefs {
  let kept: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) kept = value as Record<string, unknown>;
  } catch {
    // Written by something else: as if it were not there.
  }
  const flag = (name: 'sound' | 'badge' | 'keysOn') =>
    typeof kept[name] === 'boolean' ? kept[name] : DEFAULT_PREFS[name];
  return {
    names: kept['names'] === 'hidden' ? 'hidden' : 'shown',
    pictures: PICTURES.includes(kept['pictures'] as string) ? (kept['pictures'] as Prefs['pictures']) : 'shown',
    sound: flag('sound'),
    badge: flag('badge'),
    keysOn: flag('keysOn'),
    keys: parseKeys(kept['keys']),
  };
}

function parseKeys(value: unknown): TriageKeys {
  if (typeof value !== 'object' || value === null) return DEFAULT_KEYS;
  const given = value as Record<string, unknown>;
  const keys = Object.fromEntries(
    TRIAGE_ACTIONS.map((action) => [action, typeof given[action] === 'string' ? given[action] : '']),
  ) as TriageKeys;
  return keysProblem(keys) ? DEFAULT_KEYS : keys;
}
