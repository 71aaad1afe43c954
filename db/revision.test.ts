import { expect, test } from 'vitest';
import { revisionOf } from './revision.ts';

test('a revision is that of the values, in any order of their fields', () => {
  const at = new Date(0);
  expect(revisionOf({ a: 1, policy: { x: [1, 2], y: { b: 1, a: 2 } }, at })).toBe(
    revisionOf({ at, policy: { y: { a: 2, b: 1 }, x: [1, 2] }, a: 1 }),
  );
  expect(revisionOf({ a: 1 })).not.toBe(revisionOf({ a: '1' }));
  expect(revisionOf({ a: [1, 2] })).not.toBe(revisionOf({ a: [2, 1] }));
});
