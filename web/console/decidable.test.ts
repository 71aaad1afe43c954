import { expect, test } from 'vitest';
import { groupEvents } from './event-groups.ts';
import { nextOpen, rowsOf } from './incident-rows.ts';
import { isDecidable } from './review-state.ts';
import { event } from '../test/wire-fixtures.ts';

test('a flag of staff is decided like any event', () => {
  expect(isDecidable(event(1, { type: 'PROCTOR_FLAG', source: 'proctor' }))).toBe(true);
});

test('acts of staff are not confirmed or dismissed, nor the next undecided event', () => {
  const act = event(2, { type: 'SESSION_CONTINUED', source: 'proctor' });
  const [first, third] = [event(1, { source: 'vision' }), event(3, { source: 'client' })];
  expect([first, act, third].map(isDecidable)).toEqual([true, false, true]);
  const rows = rowsOf(groupEvents([first, act, third]), new Set());
  expect(nextOpen(rows, 'vision NO_FACE', new Set())).toBe('client NO_FACE');
  expect(nextOpen(rows, 'client NO_FACE', new Set([first.id]))).toBe('client NO_FACE');
});
