import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('turns that come while one goes on are done once after it', async () => {
  const ends: (() => void)[] = [];
  const turn = oneAtATime(() => new Promise((resolve) => ends.push(resolve)));
  const end = async (n: number) => {
    ends[n]!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  turn();
  for (let n = 0; n < 1000; n++) turn();
  expect(ends).toHaveLength(1);
  await end(0);
  expect(ends).toHaveLength(2);
  await end(1);
  expect(ends).toHaveLength(2);
  turn();
  expect(ends).toHaveLength(3);
});
