import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { riskCurve } from './risk-curve.ts';

const T0 = Date.parse('2026-01-01T10:00:00.000Z');
const iso = (seconds: number) => new Date(T0 + seconds * 1000).toISOString();
const range = { from: T0, to: T0 + 3_600_000 };

test('the total rises with each event, rolling risk decays, the reviewed total excludes dismissed events', () => {
  const events = [
    event(2, { startedAt: iso(400), weight: 3, review: 'dismissed' }),
    event(1, { startedAt: iso(100), weight: 4 }),
    event(3, { startedAt: iso(450), weight: 0 }),
  ];
  const curve = riskCurve(events, range, T0 + 400_000, 300);
  expect([curve.total[0], curve.rolling[0]]).toEqual([0, 0]);
  expect(curve.at.at(-1)).toBe((T0 + 400_000) / 1000);
  expect([curve.total.at(-1), curve.rolling.at(-1), curve.reviewed.at(-1)]).toEqual([7, 5, 4]);
  const before = curve.at.indexOf((T0 + 100_000 - 1) / 1000);
  expect(curve.total.slice(before, before + 2)).toEqual([0, 4]);
});

test('the risk curve ends with the session, and needs no events', () => {
  const curve = riskCurve([], range, T0 + 9_999_000, 300);
  expect(curve.at).toHaveLength(201);
  expect(curve.at.at(-1)).toBe(range.to / 1000);
  expect(new Set(curve.total)).toEqual(new Set([0]));
});
