import { expect, test } from 'vitest';
import { dayAround, instantsOf, localTime } from './zoned-time.ts';

const iso = (local: string, zone: string) => instantsOf(local, zone).map((at) => new Date(at).toISOString());
const hours = (day: string, zone: string) => {
  const { from, to } = dayAround(Date.parse(day), zone);
  return (to - from) / 3_600_000;
};

test('a local time names one instant, by the offset of its day', () => {
  expect(iso('2026-01-15T09:00', 'Europe/Berlin')).toEqual(['2026-01-15T08:00:00.000Z']);
  expect(iso('2026-07-15T09:00', 'Europe/Berlin')).toEqual(['2026-07-15T07:00:00.000Z']);
  expect(iso('2026-07-15T09:00', 'Asia/Kathmandu')).toEqual(['2026-07-15T03:15:00.000Z']);
  expect(iso('2026-07-15T09:00', 'UTC')).toEqual(['2026-07-15T09:00:00.000Z']);
});

test('times in the hour that a clock skips do not exist; those in the hour that it repeats exist twice', () => {
  expect(iso('2026-03-29T01:59', 'Europe/Berlin')).toEqual(['2026-03-29T00:59:00.000Z']);
  expect(iso('2026-03-29T02:30', 'Europe/Berlin')).toEqual([]);
  expect(iso('2026-03-29T03:00', 'Europe/Berlin')).toEqual(['2026-03-29T01:00:00.000Z']);
  expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']);
  expect(iso('2026-10-25T03:00', 'Europe/Berlin')).toEqual(['2026-10-25T02:00:00.000Z']);
  // Half an hour on Lord Howe Island, and a whole day in Samoa.
  expect(iso('2026-10-04T02:15', 'Australia/Lord_Howe')).toEqual([]);
  expect(iso('2026-04-05T01:45', 'Australia/Lord_Howe')).toHaveLength(2);
  expect(iso('2011-12-30T12:00', 'Pacific/Apia')).toEqual([]);
});

test('every instant is one of those that its local time names', () => {
  for (const zone of [
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  ])
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 997 * 60_000)
      expect(instantsOf(localTime(at, zone), zone), `${zone} ${new Date(at).toISOString()}`).toContain(at);
});

test('days have 23, 24 or 25 hours, and begin after midnight where the clock skips it', () => {
  expect(hours('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe(23);
  expect(hours('2026-03-30T12:00:00Z', 'Europe/Berlin')).toBe(24);
  expect(hours('2026-10-25T12:00:00Z', 'Europe/Berlin')).toBe(25);
  const { from } = dayAround(Date.parse('2018-11-04T12:00:00Z'), 'America/Sao_Paulo');
  expect(new Date(from).toISOString()).toBe('2018-11-04T03:00:00.000Z');
  expect(hours('2018-11-04T12:00:00Z', 'America/Sao_Paulo')).toBe(23);
});

test('text that is no local time names no instant', () => {
  for (const text of ['', '2026-13-01T09:00', '2026-01-01', '2026-02-30T09:00', 'now'])
    expect(instantsOf(text, 'UTC'), text).toEqual([]);
});
