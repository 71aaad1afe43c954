import { expect, test } from 'vitest';
import { event } from '../test/wire-fixtures.ts';
import { groupEvents } from './event-groups.ts';
import { neighbour, nextOpen, rowsOf, rowWith } from './incident-rows.ts';

const at = (seq: number, minute: number, type: string, review: 'confirmed' | null = null) => {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
  return event(seq, { type, source: 'client', startedAt, endedAt: startedAt, durationMs: 0, review });
};
const NONE = new Set<string>();
/** Two bursts of TAB_SWITCH, one COPY, one burst of PASTE. */
const groups = groupEvents([
  at(1, 0, 'TAB_SWITCH'),
  at(2, 1, 'TAB_SWITCH'),
  at(3, 2, 'COPY'),
  at(4, 3, 'PASTE'),
  at(5, 3, 'PASTE'),
  at(6, 9, 'TAB_SWITCH'),
]);
const keys = (unfolded: readonly string[]) =>
  rowsOf(groups, new Set(unfolded)).map(({ key, level, events }) => `${level} ${key} ${events.length}`);

test('rows are the kinds; an unfolded kind shows its bursts, and an unfolded burst its events', () => {
  expect(keys([])).toEqual(['0 client TAB_SWITCH 3', '0 client COPY 1', '0 client PASTE 2']);
  expect(keys(['client TAB_SWITCH'])).toEqual([
    '0 client TAB_SWITCH 3',
    '1 client TAB_SWITCH event-1 2',
    '1 client TAB_SWITCH event-6 1',
    '0 client COPY 1',
    '0 client PASTE 2',
  ]);
  expect(keys(['client TAB_SWITCH', 'client TAB_SWITCH event-1']).slice(1, 4)).toEqual([
    '1 client TAB_SWITCH event-1 2',
    '2 event-1 1',
    '2 event-2 1',
  ]);
});

test('a kind of one burst unfolds to its events', () => {
  expect(keys(['client PASTE']).slice(2)).toEqual(['0 client PASTE 2', '2 event-4 1', '2 event-5 1']);
});

test('a single event has no parts', () => {
  expect(rowsOf(groups, NONE).map(({ hasParts }) => hasParts)).toEqual([true, false, true]);
  expect(keys(['client COPY'])).toHaveLength(3);
});

test('next and previous stop at the ends of the list', () => {
  const rows = rowsOf(groups, NONE);
  expect(neighbour(rows, undefined, 1)).toBe('client TAB_SWITCH');
  expect(neighbour(rows, 'client TAB_SWITCH', 1)).toBe('client COPY');
  expect(neighbour(rows, 'client PASTE', 1)).toBe('client PASTE');
  expect(neighbour(rows, 'client TAB_SWITCH', -1)).toBe('client TAB_SWITCH');
  expect(neighbour([], undefined, 1)).toBeUndefined();
});

test('after a decision, the next row with something undecided follows, also from the start again', () => {
  const rows = rowsOf(groups, NONE);
  expect(nextOpen(rows, 'client TAB_SWITCH', NONE)).toBe('client COPY');
  expect(nextOpen(rows, 'client TAB_SWITCH', new Set(['event-3']))).toBe('client PASTE');
  expect(nextOpen(rows, 'client PASTE', NONE)).toBe('client TAB_SWITCH');
  const done = new Set(groups.flatMap(({ events }) => events.map(({ id }) => id)));
  expect(nextOpen(rows, 'client COPY', done)).toBe('client COPY');
});

test('an event is found in the smallest row that shows it', () => {
  expect(rowWith(rowsOf(groups, NONE), 'event-2')).toBe('client TAB_SWITCH');
  expect(rowWith(rowsOf(groups, new Set(['client TAB_SWITCH'])), 'event-2')).toBe('client TAB_SWITCH event-1');
  expect(rowWith(rowsOf(groups, NONE), 'event-9')).toBeUndefined();
});
