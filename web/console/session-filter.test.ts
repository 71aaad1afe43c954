import { expect, test } from 'vitest';
import { filterQuery, NO_FILTER, parseFilter, sessionQuery } from './session-filter.ts';

const ME = '01a20128-b3ea-75c2-965a-5ede413d3d6b';
const parsed = (query: string) => parseFilter(new URLSearchParams(query));

test('values that no field offers are left out', () => {
  expect(parsed('exam=17&level=Huge&incident=YAWNED&reviewed=maybe&from=yesterday&order=')).toEqual(NO_FILTER);
  expect(filterQuery(NO_FILTER)).toBe('');
});

test('days are whole days of the reader, also those of 23 and 25 hours', () => {
  const days = (from: string, to: string, zone: string) => {
    const query = sessionQuery({ ...NO_FILTER, from, to }, zone, ME);
    return [query.get('from'), query.get('to')];
  };
  expect(days('2026-03-29', '2026-03-29', 'Europe/Berlin')).toEqual([
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ]);
  expect(days('2026-10-25', '2026-10-25', 'Europe/Berlin')).toEqual([
    '2026-10-24T22:00:00.000Z',
    '2026-10-25T23:00:00.000Z',
  ]);
  expect(days('2026-10-25', '2026-10-25', 'Pacific/Auckland')).toEqual([
    '2026-10-24T11:00:00.000Z',
    '2026-10-25T11:00:00.000Z',
  ]);
});

test('sessions without a verdict come first by attention, unless asked otherwise', () => {
  expect(sessionQuery(NO_FILTER, 'UTC', ME).toString()).toBe('order=attention&limit=50&reviewed=false');
  expect(
    sessionQuery({ ...NO_FILTER, reviewed: 'any', end: 'terminated', order: 'newest' }, 'UTC', ME).toString(),
  ).toBe('order=newest&limit=50&endReason=terminated');
});

test('an incident in the address is a filter of the list', () => {
  const filter = parsed('incident=NO_FACE&reviewed=any');
  expect(filter).toEqual({ ...NO_FILTER, incident: 'NO_FACE', reviewed: 'any' });
  expect(parsed(filterQuery(filter))).toEqual(filter);
  expect(sessionQuery(filter, 'UTC', ME).get('incident')).toBe('NO_FACE');
});

test('the level of attention is a filter', () => {
  expect(sessionQuery(parsed('attention=high'), 'UTC', ME).toString()).toBe(
    'order=attention&limit=50&attention=high&reviewed=false',
  );
  expect(parsed('attention=High')).toEqual(NO_FILTER);
});

test('the state of the review and the person it is given to are filters', () => {
  const query = (text: string) => sessionQuery(parsed(text), 'UTC', ME).toString();
  expect(query('reviewed=needs&reviewer=me')).toBe(`order=attention&limit=50&needsReview=true&reviewer=${ME}`);
  expect(query('reviewed=begun&reviewer=none')).toBe('order=attention&limit=50&reviewState=begun&reviewer=none');
  expect(query('reviewed=any&reviewer=somebody')).toBe('order=attention&limit=50');
});
