import { expect, test } from 'vitest';
import { actionOf, DEFAULT_KEYS, keysProblem } from './triage.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...more });

test('a key asks for its action, in either case, and not with a modifier', () => {
  expect(actionOf(DEFAULT_KEYS, press('j'))).toBe('next');
  expect(actionOf(DEFAULT_KEYS, press('D'))).toBe('dismiss');
  expect(actionOf(DEFAULT_KEYS, press('d', { ctrlKey: true }))).toBeUndefined();
  expect(actionOf(DEFAULT_KEYS, press('Enter'))).toBeUndefined();
  expect(actionOf({ ...DEFAULT_KEYS, next: 'n' }, press('j'))).toBeUndefined();
});

test('each action has one key of its own', () => {
  expect(keysProblem(DEFAULT_KEYS)).toBeUndefined();
  expect(keysProblem({ ...DEFAULT_KEYS, next: 'd' })).toBe('“d” cannot be both “Next” and “Dismiss”.');
  expect(keysProblem({ ...DEFAULT_KEYS, undo: '' })).toBe('“Undo the newest decision” needs one character.');
  expect(keysProblem({ ...DEFAULT_KEYS, undo: ' ' })).toBeDefined();
});
