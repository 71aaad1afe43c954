import { expect, test } from 'vitest';
import { jain } from './jain.ts';

test('Jain index: equal shares are 1, one session with everything is 1/n', () => {
  expect(jain([3, 3, 3, 3])).toBe(1);
  expect(jain([4, 0, 0, 0])).toBe(0.25);
  expect(jain([1, 3])).toBeCloseTo(0.8, 10);
  expect(jain([0, 0])).toBeNaN();
});
