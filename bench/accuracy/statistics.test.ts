import { describe, expect, it } from 'vitest';
import { mean, meanAbsolute, turn, wilson } from './statistics.ts';

describe('wilson', () => {
  // 81 of 263: (0.255, 0.366), Newcombe 1998, table I, method 3.
  it('agrees with published intervals', () => {
    const [low, high] = wilson(81, 263)!;
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)![1]).toBeCloseTo(0.1611, 4);
    expect(wilson(1, 29)![0]).toBeCloseTo(0.0061, 4);
  });

  it('the interval stays within 0..1 and is undefined without samples', () => {
    expect(wilson(0, 3)![0]).toBe(0);
    expect(wilson(3, 3)![1]).toBe(1);
    expect(wilson(0, 0)).toBeNull();
  });
});

describe('turn', () => {
  it.each([
    [10, 25, 15],
    [170, -170, 20],
    [-170, 170, -20],
    [0, 180, 180],
    [0, -180, 180],
    [350, 0, 10],
  ])('from %i to %i is %i degrees, the short way', (from, to, by) => {
    expect(turn(from, to)).toBe(by);
  });
});

it('the mean of no values is NaN', () => {
  expect(mean([])).toBeNull();
  expect(mean([1, -2, 4])).toBe(1);
  expect(meanAbsolute([1, -2, 3])).toBe(2);
});
