import { expect, test } from 'vitest';
import { countSignals, type StoreCheck } from './check.ts';

const signal = (n: unknown) => ({ source: 'client' as const, details: { data: { n } } });

function counted(numbers: unknown[], issued: number, acked: number): Partial<StoreCheck> {
  const total: StoreCheck = {
    stored: 0,
    missing: 0,
    doubled: 0,
    unknown: 0,
    misnumbered: 0,
    echoedOnly: 0,
    notEnded: 0,
  };
  const others = [
    { source: 'vision' as const, details: {} },
    { source: 'connection' as const, details: {} },
  ];
  countSignals(total, [...others, ...numbers.map(signal)], { issued, acked });
  const { stored, missing, doubled, unknown } = total;
  return { stored, missing, doubled, unknown };
}

test('all acknowledged, all stored', () => {
  expect(counted([1, 2, 3], 3, 3)).toEqual({ stored: 3, missing: 0, doubled: 0, unknown: 0 });
});

test('an event stored before its acknowledgement arrived passes the check', () => {
  expect(counted([1, 2, 3], 3, 1)).toEqual({ stored: 3, missing: 0, doubled: 0, unknown: 0 });
});

test('an acknowledged signal without a stored event is missing', () => {
  expect(counted([1, 3], 4, 4)).toMatchObject({ missing: 2 });
});

test('a second stored copy is a duplicate', () => {
  expect(counted([1, 2, 2, 2], 2, 2)).toMatchObject({ doubled: 2 });
});

test('a stored event that was never sent is unknown', () => {
  expect(counted([1, 9, undefined], 1, 1)).toMatchObject({ unknown: 2, doubled: 0 });
});
