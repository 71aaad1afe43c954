import { expect, test } from 'vitest';
import { isDecidable, nextUndecided } from './review-state.ts';
import { event } from '../test/wire-fixtures.ts';

test('acts of staff are not confirmed or dismissed, nor the next undecided event', () => {
  const act = event(2, { type: 'SESSION_CONTINUED', source: 'proctor' });
  const [first, third] = [event(1, { source: 'vision' }), event(3, { source: 'client' })];
  expect([first, act, third].map(isDecidable)).toEqual([true, false, true]);
  expect(nextUndecided([first, act, third], first.id)).toBe(third.id);
});
