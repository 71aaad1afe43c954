import { expect, test } from 'vitest';
import { actionOf, DEFAULT_KEYS, keysProblem, LIVE_ACTIONS, REVIEW_ACTIONS } from './shortcuts.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...more });

test('a key triggers its action in upper and lower case, but not with a modifier', () => {
  expect(actionOf(REVIEW_ACTIONS, DEFAULT_KEYS, press('j'))).toBe('next');
  expect(actionOf(REVIEW_ACTIONS, DEFAULT_KEYS, press('D'))).toBe('dismiss');
  expect(actionOf(REVIEW_ACTIONS, DEFAULT_KEYS, press('d', { ctrlKey: true }))).toBeUndefined();
  expect(actionOf(REVIEW_ACTIONS, DEFAULT_KEYS, press('Enter'))).toBeUndefined();
  expect(actionOf(REVIEW_ACTIONS, { ...DEFAULT_KEYS, next: 'n' }, press('j'))).toBeUndefined();
});

test('keys of another page do nothing', () => {
  expect(actionOf(LIVE_ACTIONS, DEFAULT_KEYS, press('j'))).toBeUndefined();
  expect(actionOf(LIVE_ACTIONS, DEFAULT_KEYS, press('t'))).toBe('claim');
});

test('each action needs one key that no other has', () => {
  expect(keysProblem(DEFAULT_KEYS)).toBeUndefined();
  expect(keysProblem({ ...DEFAULT_KEYS, next: 'd' })).toBe('“d” is assigned to both “Next” and “Dismiss”.');
  expect(keysProblem({ ...DEFAULT_KEYS, undo: '' })).toBe('“Undo last decision” needs exactly one character.');
  expect(keysProblem({ ...DEFAULT_KEYS, undo: ' ' })).toBeDefined();
});
