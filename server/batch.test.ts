import { expect, test } from 'vitest';
import { Batch } from './batch.ts';

/** Answers when it is told to, and keeps what it was asked. */
function question() {
  const asked: (readonly number[])[] = [];
  const pending: { resolve: (values: string[]) => void; reject: (error: Error) => void }[] = [];
  const batch = new Batch<number, string>((keys) => {
    asked.push(keys);
    return new Promise((resolve, reject) => pending.push({ resolve, reject }));
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { batch, asked, answer: (...values: string[]) => pending.shift()!.resolve(values), fail: () => pending.shift()!.reject(new Error('away')), settled };
}

test('one question is asked at once; those that come meanwhile are asked together, after it', async () => {
  const { batch, asked, answer, settled } = question();
  const first = batch.find(1);
  const others = [batch.find(2), batch.find(3)];
  expect(asked).toEqual([[1]]);
  answer('one');
  expect(await first).toBe('one');
  await settled();
  expect(asked).toEqual([[1], [2, 3]]);
  answer('two', 'three');
  expect(await Promise.all(others)).toEqual(['two', 'three']);
});

test('a query that fails fails its own questions, and the next are asked', async () => {
  const { batch, asked, answer, fail, settled } = question();
  const first = batch.find(1);
  const second = batch.find(2);
  fail();
  await expect(first).rejects.toThrow('away');
  await settled();
  answer('two');
  expect(await second).toBe('two');
  expect(asked).toEqual([[1], [2]]);
});

test('more than 500 are asked in turns', async () => {
  const { batch, asked, answer, settled } = question();
  void batch.find(0);
  const all = Array.from({ length: 501 }, (_, key) => batch.find(key + 1));
  answer('zero');
  await settled();
  answer(...Array.from({ length: 500 }, (_, key) => String(key + 1)));
  await settled();
  answer('501');
  expect(asked.map((keys) => keys.length)).toEqual([1, 500, 1]);
  expect((await Promise.all(all)).at(-1)).toBe('501');
});
