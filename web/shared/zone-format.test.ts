import { expect, test } from 'vitest';
import { TimeZone } from '../../protocol/http/exams.ts';
import { zoneNames } from './zone-format.ts';

test('zones are offered under each of their names, and the server accepts every one', () => {
  const names = zoneNames('UTC');
  for (const pair of [
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['America/Godthab', 'America/Nuuk'],
    ['Asia/Katmandu', 'Asia/Kathmandu'],
    ['US/Eastern', 'America/New_York'],
  ])
    expect(names).toEqual(expect.arrayContaining(pair));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !TimeZone.safeParse(name).success)).toEqual([]);
  for (const name of ['Nowhere/Town', '+05:30', '']) expect(TimeZone.safeParse(name).success).toBe(false);
});

test("a zone that only another machine knows stays the exam's", () => {
  expect(zoneNames('Mars/Olympus')).toContain('Mars/Olympus');
});
