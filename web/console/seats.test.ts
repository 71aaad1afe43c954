import { expect, test } from 'vitest';
import { arrive, compact, leave, PAGE_SEATS, pageCount, pageOf } from './seats.ts';

test('a new session takes the next seat, and no other moves', () => {
  const seats = arrive(arrive([], ['b', 'a']), ['a', 'c', 'b']);
  expect(seats).toEqual(['b', 'a', 'c']);
  expect(arrive(seats, ['c', 'a'])).toBe(seats);
});

test('a vacated seat stays empty until a new session takes it', () => {
  const left = leave(['a', 'b', 'c', 'd'], new Set(['b', 'd', 'unknown']));
  expect(left).toEqual(['a', null, 'c']);
  expect(arrive(left, ['e', 'f'])).toEqual(['a', 'e', 'c', 'f']);
  expect(leave(left, new Set(['nobody']))).toBe(left);
  expect(compact(left)).toEqual(['a', 'c']);
});

test('a page of the wall has 60 seats', () => {
  const seats = arrive(
    [],
    Array.from({ length: 130 }, (_, i) => `s${i}`),
  );
  expect(PAGE_SEATS).toBe(60);
  expect(pageCount(seats)).toBe(3);
  expect(pageOf(seats, 2)).toHaveLength(10);
  expect(pageOf(seats, 1)[0]).toBe('s60');
  expect(pageCount([])).toBe(1);
});
