import { expect, test } from 'vitest';
import { sizedRows } from './sized-rows.ts';

/** A page of rows of the given size, from a list of 1000. @returns rows per statement */
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

test('a page of short rows is read 50 per statement, after a small first one that measures them', async () => {
  expect(await statements(200, 200)).toEqual([4, 50, 50, 50, 46]);
});

test('a statement reads about 64 KiB and a page 256 KiB: rows of 50,000 bytes are read one by one', async () => {
  expect(await statements(200, 50_000)).toEqual([4, 1, 1]);
  expect(await statements(200, 10_000, 10)).toEqual([4, 6, 6, 6, 6]);
});
