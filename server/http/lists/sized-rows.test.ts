import { expect, test } from 'vitest';
import { sizedRows } from './sized-rows.ts';

/** A page of rows of so many bytes each, of a list of 1000. @returns rows of each statement */
async function statements(limit: number, bytes: number, atOnce?: number): Promise<number[]> {
  const asked: number[] = [];
  await sizedRows<number>(
    limit,
    (after = 0, some) => {
      asked.push(some);
      return Promise.resolve(Array.from({ length: Math.min(some, 1000 - after) }, (_, n) => after + n + 1));
    },
    () => bytes,
    atOnce,
  );
  return asked;
}

test('a page of short rows is read by statements of 50, after a short one that tells their length', async () => {
  expect(await statements(200, 200)).toEqual([4, 50, 50, 50, 46]);
});

test('a statement reads about 64 KiB: rows of 50,000 bytes come one at a time, and the page ends after 256 KiB', async () => {
  expect(await statements(200, 50_000)).toEqual([4, 1, 1]);
  expect(await statements(200, 10_000, 10)).toEqual([4, 6, 6, 6, 6]);
});
