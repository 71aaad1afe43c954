import { expect, test } from 'vitest';
import { judgeUplink, uplinkRate } from './uplink.ts';

test('two frames of 38 KB a second are enough, and a line is too slow below the slowest one that was tried', () => {
  const verdicts = [76_000, 75_999, 8_000, 7_999, 0].map((rate) => judgeUplink(rate).verdict);
  expect(verdicts).toEqual(['enough', 'reduced', 'reduced', 'too_slow', 'too_slow']);
});

test('the rate counts between receipts: the round trip and what is still on the way do not', () => {
  const receipts = [1000, 2000, 3000].map((at, i) => ({ bytes: (i + 1) * 4096, at }));
  expect(uplinkRate(receipts, 0, 10_000)).toBeCloseTo(4096);
  expect(uplinkRate(receipts.slice(0, 1), 0, 4000)).toBeCloseTo(1024);
});

test('a line on which nothing arrives is too slow, and one that was cut off early is unknown', () => {
  expect(uplinkRate([], 0, 4000)).toBe(0);
  expect(uplinkRate([], 0, 500)).toBeUndefined();
});
