import { expect, test } from 'vitest';
import { type Arrival, arrived, linkQuality } from './link-quality.ts';

/** Taken twice a second by a clock that is an hour off, arriving so much later. */
const steady = (lags: readonly number[]): readonly Arrival[] =>
  lags.map((lag, i) => ({ at: i * 500 + lag, capturedAt: 3_600_000 + i * 500, bytes: 20_480 }));

test('a steady stream is good, independent of clock differences', () => {
  expect(linkQuality(steady(Array(10).fill(50)), 4600)).toEqual({ fps: 2.2, rate: 44, delay: 0, grade: 'good' });
});

test('occasional delay is fair, a long delay is poor', () => {
  expect(linkQuality(steady([50, 50, 700, 50]), 1700)).toMatchObject({ delay: 650, grade: 'fair' });
  expect(linkQuality(steady([50, 50, 2500, 50]), 1700)).toMatchObject({ delay: 2450, grade: 'poor' });
});

test('a pause without images lowers the grade like a delay', () => {
  const pictures = steady([50, 50, 50]);
  expect(linkQuality(pictures, 3000).grade).toBe('good');
  expect(linkQuality(pictures, 5000).grade).toBe('poor');
  expect(linkQuality(pictures, 12_000).grade).toBe('none');
  expect(linkQuality([], 0).grade).toBe('none');
});

test('only images of the last ten seconds count', () => {
  const all = Array.from({ length: 100 }, (_, i) => ({ at: i * 500, capturedAt: i * 500, bytes: 1 })).reduce<
    readonly Arrival[]
  >(arrived, []);
  expect(all.length).toBe(20);
});
