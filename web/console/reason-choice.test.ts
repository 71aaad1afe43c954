import { expect, test } from 'vitest';
import { chosenReason } from './reason-choice.ts';

const SUGGESTIONS = ['False detection', 'Allowed', 'Technical cause'];

test('arrow keys bring suggestions into an empty field and go round among them', () => {
  expect(chosenReason(SUGGESTIONS, '', 'ArrowDown')).toBe('False detection');
  expect(chosenReason(SUGGESTIONS, '', 'ArrowUp')).toBe('Technical cause');
  expect(chosenReason(SUGGESTIONS, 'False detection', 'ArrowDown')).toBe('Allowed');
  expect(chosenReason(SUGGESTIONS, 'Technical cause', 'ArrowDown')).toBe('False detection');
  expect(chosenReason(SUGGESTIONS, 'False detection', 'ArrowUp')).toBe('Technical cause');
});

test('a text of one’s own, other keys and no suggestions leave the field as it is', () => {
  expect(chosenReason(SUGGESTIONS, 'a dropped pen', 'ArrowDown')).toBeUndefined();
  expect(chosenReason(SUGGESTIONS, '', 'Enter')).toBeUndefined();
  expect(chosenReason([], '', 'ArrowDown')).toBeUndefined();
});
