import { expect, test } from 'vitest';
import { median, percentile, sorted, spread } from './percentile.ts';

test('nearest rank: the smallest value that p % do not exceed', () => {
  // The example of the Wikipedia article on percentiles, nearest-rank method.
  const values = [15, 20, 35, 40, 50];
  expect([5, 30, 40, 50, 100].map((p) => percentile(values, p))).toEqual([15, 20, 20, 35, 50]);
});

test('of 1..1000 the 95th and 99th percentiles are 950 and 990', () => {
  const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
  expect(spread(values)).toEqual({ count: 1000, p50: 500, p95: 950, p99: 990, max: 1000 });
});

test('sorts numerically and does not change the given list', () => {
  const values = [100, 9, 20];
  expect(sorted(values)).toEqual([9, 20, 100]);
  expect(values).toEqual([100, 9, 20]);
  expect(median(values)).toBe(20);
});

test('a single value is every percentile, and no values give null', () => {
  expect(spread([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  expect(spread([])).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
});
