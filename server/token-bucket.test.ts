import { expect, test } from 'vitest';
import { KeyedBuckets, TokenBucket } from './token-bucket.ts';

const RATE = { burst: 3, perSecond: 2 };

test('a burst is taken at once, and then as much as the rate gives', () => {
  const bucket = new TokenBucket(RATE, 0);
  expect([1, 1, 1, 1].map((cost) => bucket.take(cost, 0))).toEqual([true, true, true, false]);
  expect(bucket.take(1, 400)).toBe(false);
  expect(bucket.take(1, 500)).toBe(true);
  expect(bucket.take(3, 60_000)).toBe(true);
  expect(bucket.take(1, 60_000)).toBe(false);
});

test('a refusal takes no token, and a clock that stands still adds none', () => {
  const bucket = new TokenBucket(RATE, 0);
  expect(bucket.take(4, 0)).toBe(false);
  expect(bucket.take(3, 0)).toBe(true);
  expect(bucket.take(1, -5000)).toBe(false);
});

test('never more than a burst is given back', () => {
  const bucket = new TokenBucket(RATE, 0);
  bucket.take(2, 0);
  bucket.giveBack(100);
  expect(bucket.take(4, 0)).toBe(false);
  expect(bucket.take(3, 0)).toBe(true);
});

test('keys do not share', () => {
  const buckets = new KeyedBuckets(RATE);
  expect([1, 2, 3, 4].map(() => buckets.take('a', 0))).toEqual([true, true, true, false]);
  expect(buckets.take('b', 0)).toBe(true);
});

test('the number of stored keys is bounded, and the least recently used go first', () => {
  const buckets = new KeyedBuckets(RATE, 100);
  for (let i = 0; i < 50; i++) buckets.take(`old ${i}`, 0);
  for (let i = 0; i < 3; i++) buckets.take('flood', 10_000);
  for (let i = 0; i < 1000; i++) {
    buckets.take(`new ${i}`, 10_000);
    expect(buckets.size).toBeLessThanOrEqual(100);
  }
  const again = new KeyedBuckets(RATE, 100);
  for (let i = 0; i < 99; i++) again.take(`old ${i}`, 0);
  for (let i = 0; i < 3; i++) again.take('flood', 10_000);
  again.take('one more', 10_000);
  expect(again.take('flood', 10_000)).toBe(false);
});
