import { expect, test } from 'vitest';
import { dueWarning } from './time-warning.ts';

const MIN = 60_000;

test('warnings are due as the time left passes 10, 5 and 1 minutes, each once', () => {
  const warned: number[] = [];
  let before: number | undefined;
  for (let left = 12 * MIN; left > -5000; left -= 1000) {
    const due = dueWarning(before, left);
    if (due !== undefined) warned.push(due);
    before = left;
  }
  expect(warned).toEqual([10, 5, 1]);
});

test('after a gap only the latest warning is due, and none once the time is up', () => {
  expect(dueWarning(12 * MIN, 4 * MIN)).toBe(5);
  expect(dueWarning(12 * MIN, 30_000)).toBe(1);
  expect(dueWarning(12 * MIN, 0)).toBeUndefined();
});

test('an extension makes a warning due again, and the first reading triggers none', () => {
  expect(dueWarning(undefined, 4 * MIN)).toBeUndefined();
  expect(dueWarning(4 * MIN, 9 * MIN)).toBeUndefined();
  expect(dueWarning(9 * MIN, 5 * MIN)).toBe(5);
});
