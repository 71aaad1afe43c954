import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { lanesOf, rangeOf, ticksOf } from './timeline.ts';

const T0 = Date.parse('2026-01-01T10:00:00.000Z');
const at = (minutes: number) => new Date(T0 + minutes * 60_000).toISOString();
const range = { from: T0, to: T0 + 100 * 60_000 };

test('the timeline ends at the planned end while the exam runs, and at the actual end afterwards', () => {
  const session = { startedAt: at(0), deadline: at(60), endedAt: null };
  expect(rangeOf(session, T0 + 60_000)).toEqual({ from: T0, to: T0 + 60 * 60_000 });
  expect(rangeOf(session, T0 + 70 * 60_000).to).toBe(T0 + 70 * 60_000);
  expect(rangeOf({ ...session, endedAt: at(20) }, T0 + 60 * 60_000).to).toBe(T0 + 20 * 60_000);
  expect(rangeOf({ ...session, endedAt: at(0) }, T0).to).toBe(T0 + 60_000);
});

test('events of one type share a lane; open ones extend until now', () => {
  const lanes = lanesOf(
    [
      event(3, { startedAt: at(50) }),
      event(1, { startedAt: at(10), endedAt: at(20) }),
      event(2, { type: 'TAB_SWITCH', weight: 30, startedAt: at(30), endedAt: at(30) }),
    ],
    range,
    T0 + 60 * 60_000,
  );
  expect(
    lanes.map(({ type, bars }) => [type, bars.map(({ left, width }) => [left, Math.round(width * 100) / 100])]),
  ).toEqual([
    ['TAB_SWITCH', [[0.3, 0]]],
    [
      'NO_FACE',
      [
        [0.1, 0.1],
        [0.5, 0.1],
      ],
    ],
  ]);
});

test('events outside the range are clipped to it', () => {
  const [lane] = lanesOf([event(1, { startedAt: at(-10), endedAt: at(200) })], range, T0);
  expect(lane?.bars).toMatchObject([{ left: 0, width: 1 }]);
});

test('the time scale has at most eight round times', () => {
  expect(ticksOf({ from: T0 + 30_000, to: T0 + 3 * 60_000 })).toEqual([T0 + 60_000, T0 + 120_000, T0 + 180_000]);
  expect(ticksOf(range)).toHaveLength(7);
  expect(ticksOf({ from: T0, to: T0 + 40 * 3_600_000 }).length).toBeLessThanOrEqual(8);
});
