import { describe, expect, test } from 'vitest';
import { NaiveTime } from './time.ts';

describe('a ProctorBE time', () => {
  test.each([
    ['2026-01-01T10:00:00', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01 10:00:00', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00:00.123456', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00:00+02:00', '2026-01-01T08:00:00.000Z'],
    ['2026-01-01 10:00:00-05:30', '2026-01-01T15:30:00.000Z'],
  ])('%s is read as %s', (written, at) => {
    expect(new Date(NaiveTime.parse(written)).toISOString()).toBe(at);
  });

  test.each([
    '',
    'tomorrow',
    '2026-01-01',
    '2026-02-30T10:00:00',
    '10:00:00',
    '2026-01-01T25:00:00',
    '2026-01-01T10:00:00 02:00',
    '0001-01-01T00:00:00',
  ])('%j is refused', (written) => {
    expect(NaiveTime.safeParse(written).success).toBe(false);
  });
});
