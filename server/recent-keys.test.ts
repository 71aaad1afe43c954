import { expect, test } from 'vitest';
import { RecentKeys } from './recent-keys.ts';

test('a key is recent for the set time after it was last added', () => {
  const keys = new RecentKeys(1000);
  keys.add('a', 0);
  expect([keys.has('a', 999), keys.has('a', 1000), keys.has('b', 0)]).toEqual([true, false, false]);
  keys.add('a', 900);
  expect(keys.has('a', 1899)).toBe(true);
});

test('beyond the maximum of keys the one added longest ago is forgotten', () => {
  const keys = new RecentKeys(1000, 2);
  for (const key of ['a', 'b', 'a', 'c']) keys.add(key, 0);
  expect(['a', 'b', 'c'].map((key) => keys.has(key, 1))).toEqual([true, false, true]);
});
