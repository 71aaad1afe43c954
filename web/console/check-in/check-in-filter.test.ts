import { expect, test } from 'vitest';
import { checkInFilterQuery, checkInQuery, parseCheckInFilter, WAITING } from './check-in-filter.ts';

const EXAM = '3f2a8c1e-5b7d-4e9f-8a6b-0c1d2e3f4a5b';
const parse = (query: string) => parseCheckInFilter(new URLSearchParams(query));

test('without a query those who wait are listed', () => {
  expect(parse('')).toEqual(WAITING);
  expect(checkInFilterQuery(WAITING)).toBe('');
  expect(checkInQuery(WAITING)).toBe('limit=100&state=waiting');
});

test('a filter is the same after it was in an address', () => {
  for (const filter of [
    { state: '', exam: EXAM, room: 'R 101' },
    { state: 'refused', exam: '', room: 'Aula & B' },
  ] as const)
    expect(parse(checkInFilterQuery(filter))).toEqual(filter);
});

test('unknown values are left out', () => {
  expect(parse('state=lost&exam=none')).toEqual(WAITING);
});

test('any state means those that are open', () => {
  expect(checkInQuery({ state: '', exam: EXAM, room: '' })).toBe(`limit=100&open=true&exam=${EXAM}`);
});
