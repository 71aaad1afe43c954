import { expect, test } from 'vitest';
import { auc, rankOf } from './rank.ts';

test('AUC is 1 for a perfect order, 0 for the opposite, and a half for equal values', () => {
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(0);
  expect(auc([1], [1])).toBe(0.5);
  expect(auc([1, 3], [2])).toBe(0.5);
});

test('a rank counts the values above, not the equal ones', () => {
  expect(rankOf(5, [7, 5, 3])).toBe(2);
  expect(rankOf(8, [7, 5, 3])).toBe(1);
});
