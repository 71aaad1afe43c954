import { expect, test } from 'vitest';
import { attention, session } from '../test/wire-fixtures.ts';
import { isFiltering, matches, NO_FILTER, presenceOf, roomsOf } from './filters.ts';

const ada = session('a', { studentName: 'Ada Lovelace', attention: attention('high'), open: ['NO_FACE'] });

test('an empty filter matches every session', () => {
  expect(isFiltering(NO_FILTER)).toBe(false);
  expect(isFiltering({ ...NO_FILTER, search: '  ' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', NO_FILTER)).toBe(true);
});

test('a session must match every field of the filter', () => {
  expect(
    matches(ada, 'Ada Lovelace', {
      ...NO_FILTER,
      search: ' love',
      level: 'high',
      incident: 'NO_FACE',
      connection: 'connected',
    }),
  ).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, level: 'watch' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'any' })).toBe(true);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, incident: 'LOOKING_AWAY' })).toBe(false);
  expect(matches(ada, 'Ada Lovelace', { ...NO_FILTER, connection: 'away' })).toBe(false);
});

test('a room filter matches that room only, and no session without a room', () => {
  const aula = { ...NO_FILTER, room: 'Aula' };
  expect(isFiltering(aula)).toBe(true);
  expect(matches({ ...ada, room: 'Aula' }, 'Ada Lovelace', aula)).toBe(true);
  expect(matches({ ...ada, room: 'Aula 2' }, 'Ada Lovelace', aula)).toBe(false);
  expect(matches(ada, 'Ada Lovelace', aula)).toBe(false);
  expect(matches({ ...ada, room: 'Aula' }, 'Ada Lovelace', NO_FILTER)).toBe(true);
});

test('the rooms to choose from are those of the sessions, each once, 2 before 10', () => {
  expect(roomsOf(['Room 10', null, 'Room 2', 'Aula', 'Room 10'].map((room) => session('a', { room })))).toEqual([
    'Aula',
    'Room 2',
    'Room 10',
  ]);
  expect(roomsOf([session('a')])).toEqual([]);
});

test('a hidden name cannot be found by the real name', () => {
  expect(matches(ada, 'Calm Heron 482', { ...NO_FILTER, search: 'ada' })).toBe(false);
  expect(matches(ada, 'Calm Heron 482', { ...NO_FILTER, search: 'HERON' })).toBe(true);
});

test('paused and ended take precedence over the connection', () => {
  expect(presenceOf(session('a', { status: 'paused', connected: false }))).toBe('paused');
  expect(presenceOf(session('a', { status: 'ended', connected: false }))).toBe('ended');
  expect(presenceOf(session('a', { connected: false }))).toBe('away');
});
