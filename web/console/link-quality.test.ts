import { expect, test } from 'vitest';
import { type Arrival, arrived, linkQuality } from './link-quality.ts';

/** Taken twice a second by a clock that is an hour off, arriving so much later. */
const steady = (lags: readonly number[]): readonly Arrival[] =>
  lags.map((lag, i) => ({ at: i * 500 + lag, capturedAt: 3_600_000 + i * 500, bytes: 20_480 }));

test('pictures that come as they are taken are good, whatever the clocks say', () => {
  expect(linkQuality(steady(Array(10).fill(50)), 4600)).toEqual({ fps: 2.2, rate: 44, delay: 0, word: 'good' });
});

test('pictures that come late now and then are fair, very late ones poor', () => {
  expect(linkQuality(steady([50, 50, 700, 50]), 1700)).toMatchObject({ delay: 650, word: 'fair' });
  expect(linkQuality(steady([50, 50, 2500, 50]), 1700)).toMatchObject({ delay: 2450, word: 'poor' });
});

test('silence is as bad as delay', () => {
  const pictures = steady([50, 50, 50]);
  expect(linkQuality(pictures, 3000).word).toBe('good');
  expect(linkQuality(pictures, 5000).word).toBe('poor');
  expect(linkQuality(pictures, 12_000).word).toBe('none');
  expect(linkQuality([], 0).word).toBe('none');
});

test('only the last ten seconds count', () => {
  const all = Array.from({ length: 100 }, (_, i) => ({ at: i * 500, capturedAt: i * 500, bytes: 1 })).reduce<
    readonly Arrival[]
  >(arrived, []);
  expect(all.length).toBe(20);
});
