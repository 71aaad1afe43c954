import { expect, test } from 'vitest';
import { session } from '../test/wire-fixtures.ts';
import { isFiltering, matches, NO_FILTER, presenceOf } from './filters.ts';

const ada = session('a', { studentName: 'Ada Lovelace', level: 'High', open: ['NO_FACE'] });

test('an empty filter lets everybody through', () => {
  expect(isFiltering(NO_FILTER)).toBe(false);
  expect(isFiltering({ ...NO_FILTER, search: '  ' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', NO_FILTER)).toBe(true);
});

test('each field must agree', () => {
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, search: ' love', level: 'High', incident: 'NO_FACE', connection: 'connected' })).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, level: 'Medium' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'any' })).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'LOOKING_AWAY' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, connection: 'away' })).toBe(false);
});

test('a hidden name is not found by what it hides', () => {
  expect(matches(ada, 'Calm Heron 482', { ...NO_FILTER, search: 'ada' })).toBe(false);
  expect(matches(ada, 'Calm Heron 482', { ...NO_FILTER, search: 'HERON' })).toBe(true);
});

test('a pause or an end says more than the connection', () => {
  expect(presenceOf(session('a', { status: 'paused', connected: false }))).toBe('paused');
  expect(presenceOf(session('a', { status: 'ended', connected: false }))).toBe('ended');
  expect(presenceOf(session('a', { connected: false }))).toBe('away');
});
