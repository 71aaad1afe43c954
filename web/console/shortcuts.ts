import { t } from './messages.ts';

/** Single-key shortcuts of the review, of a live session and of the check-in; they can be turned off or reassigned (WCAG 2.1.4). */

export const REVIEW_ACTIONS = [
  'next',
  'previous',
  'confirm',
  'dismiss',
  'repeat',
  'undo',
  'open',
  'select',
  'selectAll',
  'play',
  'verdict',
  'following',
] as const;

/** Of a live session. */
export const LIVE_ACTIONS = ['seen', 'claim', 'handOver', 'note', 'flag', 'keep'] as const;

/** Of the check-in, besides those of the review. */
const CHECK_IN_DECISIONS = ['admit', 'hold', 'refuse'] as const;

export const CHECK_IN_ACTIONS = ['next', 'previous', ...CHECK_IN_DECISIONS, 'play'] as const;

export const SHORTCUT_ACTIONS = [...REVIEW_ACTIONS, ...LIVE_ACTIONS, ...CHECK_IN_DECISIONS] as const;
export type ShortcutAction = (typeof SHORTCUT_ACTIONS)[number];

export type ShortcutKeys = Readonly<Record<ShortcutAction, string>>;

export const DEFAULT_KEYS: ShortcutKeys = {
  next: 'j',
  previous: 'k',
  confirm: 'c',
  dismiss: 'd',
  repeat: 'r',
  undo: 'u',
  open: 'o',
  select: 's',
  selectAll: 'a',
  play: 'p',
  verdict: 'v',
  following: 'g',
  seen: 'e',
  claim: 't',
  handOver: 'h',
  note: 'n',
  flag: 'f',
  keep: 'x',
  admit: 'i',
  hold: 'w',
  refuse: 'b',
};

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/**
 * Pure: keys stored by an earlier version, with defaults for actions that it did not have. A default that the person
 * uses for something else gives way to the first free letter.
 */
export function withAllActions(stored: Readonly<Record<string, unknown>>): ShortcutKeys {
  const keys: Record<string, string> = {};
  for (const action of SHORTCUT_ACTIONS) if (typeof stored[action] === 'string') keys[action] = stored[action];
  for (const action of SHORTCUT_ACTIONS) {
    const used = Object.values(keys);
    keys[action] ??= [DEFAULT_KEYS[action], ...LETTERS].find((key) => !used.includes(key)) ?? '';
  }
  return keys as ShortcutKeys;
}

/** The relevant part of a keyboard event. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Pure: the action of a key press, of those of the page; none with a modifier, which belongs to the browser. */
export function actionOf<Action extends ShortcutAction>(
  actions: readonly Action[],
  keys: ShortcutKeys,
  { key, ctrlKey, altKey, metaKey }: Press,
): Action | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  return actions.find((action) => keys[action] === key.toLowerCase());
}

/** Pure: why these keys are invalid, or undefined. */
export function keysProblem(keys: ShortcutKeys): string | undefined {
  const used = new Map<string, ShortcutAction>();
  for (const action of SHORTCUT_ACTIONS) {
    const key = keys[action];
    if ([...key].length !== 1 || key.trim() === '') return t.review.keyInvalid(t.review.actions[action]);
    const other = used.get(key);
    if (other) return t.review.keyTwice(key, t.review.actions[other], t.review.actions[action]);
    used.set(key, action);
  }
  return undefined;
}
