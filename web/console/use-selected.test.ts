import { expect, test } from 'vitest';
import { between } from './use-selected.ts';

test('a range goes from the last selected tile to this one, in either direction', () => {
  const order = ['a', 'b', 'c', 'd'];
  expect(between(order, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(between(order, 'd', 'b')).toEqual(['b', 'c', 'd']);
});

test('without a first tile, or with one that is no longer shown, it is the tile itself', () => {
  expect(between(['a', 'b'], undefined, 'b')).toEqual(['b']);
  expect(between(['a', 'b'], 'gone', 'b')).toEqual(['b']);
});
