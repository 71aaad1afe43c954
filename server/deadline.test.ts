import { expect, test } from 'vitest';
import { LATE, withDeadline } from './deadline.ts';

test('work that is done in time gives its result or its error', async () => {
  expect(await withDeadline(Promise.resolve(7), 60_000)).toBe(7);
  await expect(withDeadline(Promise.reject(new Error('failed')), 60_000)).rejects.toThrow('failed');
});

test('work that is not done in time is late, and may still fail unobserved', async () => {
  const work = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('failed')), 20));
  expect(await withDeadline(work, 1)).toBe(LATE);
  await new Promise((resolve) => setTimeout(resolve, 40));
});
