import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test('first and last word of a name give its initials', () => {
  expect(['Anna Berg', 'anna maria berg', 'Anna', 'proctor@example.org', '', '\u{1d4d0}lva'].map(initials)).toEqual([
    'AB',
    'AB',
    'A',
    'PO',
    '?',
    '\u{1d4d0}',
  ]);
});
