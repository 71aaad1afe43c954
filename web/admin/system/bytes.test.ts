import { expect, test } from 'vitest';
import { bytes } from './bytes.ts';

test('sizes are written in the largest unit that keeps a number above 1', () => {
  expect([0, 999, 1000, 12_345, 1_500_000, 20_000_000_000, 3e15].map(bytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '12 kB',
    '1.5 MB',
    '20 GB',
    '3,000 TB',
  ]);
});
