/** Single keys of the review. They can be switched off or given other keys (WCAG 2.1.4). */

export const TRIAGE_ACTIONS = ['next', 'previous', 'confirm', 'dismiss', 'undo'] as const;
export type TriageAction = (typeof TRIAGE_ACTIONS)[number];

export type TriageKeys = Readonly<Record<TriageAction, string>>;

export const DEFAULT_KEYS: TriageKeys = { next: 'j', previous: 'k', confirm: 'c', dismiss: 'd', undo: 'u' };

export const ACTION_NAMES: Readonly<Record<TriageAction, string>> = {
  next: 'Next',
  previous: 'Previous',
  confirm: 'Confirm',
  dismiss: 'Dismiss',
  undo: 'Undo the newest decision',
};

/** What of a key press counts. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Pure: what a key press asks for. With a modifier it is the browser's. */
export function actionOf(keys: TriageKeys, { key, ctrlKey, altKey, metaKey }: Press): TriageAction | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  return TRIAGE_ACTIONS.find((action) => keys[action] === key.toLowerCase());
}

/** Pure: what speaks against these keys, or nothing. */
export function keysProblem(keys: TriageKeys): string | undefined {
  const used = new Map<string, TriageAction>();
  for (const action of TRIAGE_ACTIONS) {
    const key = keys[action];
    if ([...key].length !== 1 || key.trim() === '') return `“${ACTION_NAMES[action]}” needs one character.`;
    const other = used.get(key);
    if (other) return `“${key}” cannot be both “${ACTION_NAMES[other]}” and “${ACTION_NAMES[action]}”.`;
    used.set(key, action);
  }
  return undefined;
}
