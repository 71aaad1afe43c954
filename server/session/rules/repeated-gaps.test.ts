import { describe, expect, test } from 'vitest';
import { RepeatedGaps } from './repeated-gaps.ts';

const MINUTE = 60_000;
const after = (...minutes: number[]) => {
  const gaps = new RepeatedGaps();
  return minutes.map((minute) => gaps.add(minute * MINUTE));
};

describe('gaps that follow each other (rule E13)', () => {
  test('the fifth within six minutes is noted, with the time that they took', () => {
    expect(after(0, 1, 2, 3, 6)).toEqual([undefined, undefined, undefined, undefined, { gaps: 5, withinSeconds: 360 }]);
  });

  test('five over a longer time are not', () => {
    expect(after(0, 2, 4, 6, 8, 10, 12)).toEqual(Array(7).fill(undefined));
  });

  test('each gap is counted once: the next five are noted again', () => {
    const noted = after(...Array.from({ length: 12 }, (_, n) => n / 2)).map((one) => one !== undefined);
    expect(noted).toEqual(Array.from({ length: 12 }, (_, n) => n % 5 === 4));
  });
});
