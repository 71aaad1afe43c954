import { DEFAULT_KEYS, keysProblem, type ShortcutKeys, withAllActions } from './shortcuts.ts';

export const IMAGE_MODES = ['shown', 'blurred', 'grey', 'off'] as const;

/** Preferences of the console in this browser. */
export interface Prefs {
  readonly names: 'shown' | 'hidden';
  readonly pictures: (typeof IMAGE_MODES)[number];
  /** Alert on a new high risk. */
  readonly sound: boolean;
  /** Count in the tab's title. */
  readonly badge: boolean;
  /** Single-key shortcuts in the review. */
  readonly keysOn: boolean;
  readonly keys: ShortcutKeys;
}

export const DEFAULT_PREFS: Prefs = {
  names: 'shown',
  pictures: 'shown',
  sound: true,
  badge: true,
  keysOn: true,
  keys: DEFAULT_KEYS,
};

/** Pure: stored preferences; missing and invalid values get their defaults. */
export function parsePrefs(text: string | null): Prefs {
  let kept: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) kept = value as Record<string, unknown>;
  } catch {
    // Invalid JSON counts as nothing stored.
  }
  const flag = (name: 'sound' | 'badge' | 'keysOn') =>
    typeof kept[name] === 'boolean' ? kept[name] : DEFAULT_PREFS[name];
  return {
    names: kept['names'] === 'hidden' ? 'hidden' : 'shown',
    pictures: IMAGE_MODES.find((mode) => mode === kept['pictures']) ?? 'shown',
    sound: flag('sound'),
    badge: flag('badge'),
    keysOn: flag('keysOn'),
    keys: parseKeys(kept['keys']),
  };
}

function parseKeys(value: unknown): ShortcutKeys {
  if (typeof value !== 'object' || value === null) return DEFAULT_KEYS;
  const keys = withAllActions(value as Record<string, unknown>);
  return keysProblem(keys) ? DEFAULT_KEYS : keys;
}
