import { expect, test } from 'vitest';
import { ticksTo } from './ticks.ts';

test('round numbers from 0 to the largest value and not far beyond it', () => {
  expect(ticksTo(97, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksTo(100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksTo(1234, 4)).toEqual([0, 500, 1000, 1500]);
  expect(ticksTo(0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
});

test('things that have no halves, and nothing at all', () => {
  expect(ticksTo(2, 5, true)).toEqual([0, 1, 2]);
  expect(ticksTo(0)).toEqual([0, 1]);
  expect(ticksTo(Number.NaN)).toEqual([0, 1]);
});
