import { expect, test } from 'vitest';
import { addPoint, decayed, riskAt, SPAN_MS, sparkPath } from './risk-history.ts';

test('rolling risk halves in its half-life', () => {
  expect(decayed({ at: 0, rolling: 8 }, 300_000, 300)).toBe(4);
  expect(decayed({ at: 0, rolling: 8 }, 900_000, 300)).toBe(1);
  expect(decayed({ at: 1000, rolling: 8 }, 0, 300)).toBe(8);
});

test('changes older than ten minutes are dropped, except the one where the curve starts', () => {
  const points = [0, 1, 2, 11, 12].reduce<readonly { at: number; rolling: number }[]>(
    (all, minute) => addPoint(all, { at: minute * 60_000, rolling: minute }),
    [],
  );
  expect(points.map(({ at }) => at / 60_000)).toEqual([2, 11, 12]);
  const many = Array.from({ length: 500 }, (_, i) => i).reduce<readonly { at: number; rolling: number }[]>(
    (all, i) => addPoint(all, { at: i, rolling: 1 }),
    [],
  );
  expect(many).toHaveLength(120);
});

test('risk before the first change is unknown', () => {
  const points = [{ at: 1000, rolling: 4 }];
  expect(riskAt(points, 999, 300)).toBeUndefined();
  expect(riskAt(points, 1000, 300)).toBe(4);
  expect(sparkPath([], 0, 300, { width: 100, height: 20, top: 10 })).toBe('');
});

test('the sparkline stays within its box and starts at the first known change', () => {
  const path = sparkPath([{ at: SPAN_MS / 2, rolling: 10 }], SPAN_MS, 300, { width: 40, height: 22, top: 10 });
  expect(path).toMatch(/^M20\.0 1\.0L21\.0 /);
  expect(path).toMatch(/L40\.0 11\.0$/);
});
