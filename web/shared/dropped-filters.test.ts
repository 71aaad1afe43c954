import { expect, test } from 'vitest';
import { droppedFilters } from './dropped-filters.ts';

test('parts of an address that a page does not follow are named, others are not', () => {
  const understood = { level: '', room: 'A', q: 'Ann', reviewed: 'no' };
  expect(droppedFilters('#/sessions?level=Huge&room=A&q=Ann%20&rooms=B&from=', understood)).toEqual([
    'level=Huge',
    'rooms=B',
  ]);
  expect(droppedFilters('#/sessions?room=A&room=B', understood)).toEqual(['room=B']);
  for (const hash of ['', '#/sessions', '#/sessions?', '#/sessions?room=A&reviewed=no'])
    expect(droppedFilters(hash, understood)).toEqual([]);
});
