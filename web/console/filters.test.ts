import { expect, test } from 'vitest';
import { session } from '../test/wire-fixtures.ts';
import { isFiltering, matches, NO_FILTER, presenceOf, roomsOf } from './filters.ts';

const ada = session('a', { studentName: 'Ada Lovelace', level: 'High', open: ['NO_FACE'] });

test('an empty filter lets everybody through', () => {
  expect(isFiltering(NO_FILTER)).toBe(false);
  expect(isFiltering({ ...NO_FILTER, search: '  ' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', NO_FILTER)).toBe(true);
});

test('each field must agree', () => {
  expect(
    matches(ada, 'Ada Lovelace', {
      ...NO_FILTER,
      search: ' love',
      level: 'High',
      incident: 'NO_FACE',
      connection: 'connected',
    }),
  ).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, level: 'Medium' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'any' })).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'LOOKING_AWAY' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, connection: 'away' })).toBe(false);
});

test('a room is this one, and no other and none is not', () => {
  const aula = { ...NO_FILTER, room: 'Aula' };
  expect(isFiltering(aula)).toBe(true);
  expect(matches({ ...ada, room: 'Aula' }, 'Ada Lovelace', aula)).toBe(true);
  expect(matches({ ...ada, room: 'Aula 2' }, 'Ada Lovelace', aula)).toBe(false);
  expect(matches(ada, 'Ada Lovelace', aula)).toBe(false);
  expect(matches({ ...ada, room: 'Aula' }, 'Ada Lovelace', NO_FILTER)).toBe(true);
});

test('the rooms to choose from are those that are there, each once, 2 before 10', () => {
  expect(roomsOf(['Room 10', null, 'Room 2', 'Aula', 'Room 10'].map((room) => session('a', { room })))).toEqual([
    'Aula',
    'Room 2',
    'Room 10',
  ]);
  expect(roomsOf([session('a')])).toEqual([]);
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
