import fc from 'fast-check';
import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { flaggable, offsetText, readOffset } from './flag-time.ts';

test('a time after the start is read as it is written', () => {
  expect(['0:00', '5:30', '90:00', '1:05:30', ' 2:00 '].map(readOffset)).toEqual([
    0, 330_000, 5_400_000, 3_930_000, 120_000,
  ]);
  for (const text of ['', '5', '5:3', '5:60', '1:60:00', '-1:00', 'now'])
    expect(readOffset(text), text).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 * 3600 }), (seconds) => {
      expect(readOffset(offsetText(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});

test('incidents and signals that weigh can be pointed at, acts of staff cannot', () => {
  const events = [
    event(1),
    event(2, { source: 'client', type: 'COPY', weight: 1 }),
    event(3, { source: 'client', weight: 0 }),
    event(4, { source: 'proctor', type: 'PROCTOR_FLAG', weight: 6 }),
  ];
  expect(flaggable(events).map(({ seq }) => seq)).toEqual([1, 2]);
});
