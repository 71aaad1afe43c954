import { DEFAULT_KEYS, keysProblem, type ShortcutKeys, withAllActions } from './shortcuts.ts';

/** Sizes of tiles; S shows the most at once. */
export const TILE_SIZES = ['S', 'M', 'L'] as const;
export type TileSize = (typeof TILE_SIZES)[number];

export const IMAGE_MODES = ['shown', 'blurred', 'grey', 'off'] as const;

/** Preferences of the console in this browser. */
export interface Prefs {
  readonly names: 'shown' | 'hidden';
  readonly pictures: (typeof IMAGE_MODES)[number];
  readonly tiles: TileSize;
  /** Whether the filters of the wall are unfolded. */
  readonly filters: boolean;
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
  tiles: 'M',
  filters: true,
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
  const flag = (name: 'sound' | 'badge' | 'keysOn' | 'filters') =>
    typeof kept[name] === 'boolean' ? kept[name] : DEFAULT_PREFS[name];
  return {
    names: kept['names'] === 'hidden' ? 'hidden' : 'shown',
    pictures: IMAGE_MODES.find((mode) => mode === kept['pictures']) ?? 'shown',
    tiles: TILE_SIZES.find((size) => size === kept['tiles']) ?? DEFAULT_PREFS.tiles,
    filters: flag('filters'),
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
