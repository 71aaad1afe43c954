import { expect, test } from 'vitest';
import { ceiling, delay } from './backoff.ts';

test('C10: the ceiling doubles from 0.5 s to 20 s and stays there without limit', () => {
  expect([0, 1, 2, 5, 6, 5000].map((attempt) => ceiling(attempt))).toEqual([500, 1000, 2000, 16_000, 20_000, 20_000]);
});

test('C10: full jitter draws from 0 to the ceiling', () => {
  expect(delay(3, () => 0)).toBe(0);
  expect(delay(3, () => 0.5)).toBe(2000);
  expect(delay(3, () => 0.999_999)).toBeLessThan(4000);
});
