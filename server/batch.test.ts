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
  const settled = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    batch,
    asked,
    answer: (...values: string[]) => pending.shift()!.resolve(values),
    fail: () => pending.shift()!.reject(new Error('away')),
    settled,
  };
}

test('those that come in one turn are asked together, and so are those that come meanwhile', async () => {
  const { batch, asked, answer, settled } = question();
  const first = batch.find(1);
  await settled();
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
  await settled();
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
  await settled();
  const all = Array.from({ length: 501 }, (_, key) => batch.find(key + 1));
  answer('zero');
  await settled();
  answer(...Array.from({ length: 500 }, (_, key) => String(key + 1)));
  await settled();
  answer('501');
  expect(asked.map((keys) => keys.length)).toEqual([1, 500, 1]);
  expect((await Promise.all(all)).at(-1)).toBe('501');
});
