import { expect, test } from 'vitest';
import { ticksTo } from './ticks.ts';

test('ticks are round numbers from 0 to just above the maximum', () => {
  expect(ticksTo(97, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksTo(100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksTo(1234, 4)).toEqual([0, 500, 1000, 1500]);
  expect(ticksTo(0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
});

test('ticks of counts are integers, and no data has a valid axis', () => {
  expect(ticksTo(2, 5, true)).toEqual([0, 1, 2]);
  expect(ticksTo(0)).toEqual([0, 1]);
  expect(ticksTo(Number.NaN)).toEqual([0, 1]);
});
