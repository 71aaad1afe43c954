import { expect, test } from 'vitest';
import { Latencies } from './latencies.ts';

test('percentiles of durations, to three digits', () => {
  const latencies = new Latencies();
  for (let ms = 1; ms <= 1000; ms++) latencies.record(ms);
  const { count, p50, p95, p99, max } = latencies.spread();
  expect(count).toBe(1000);
  expect(Math.abs(p50! - 500)).toBeLessThanOrEqual(1);
  expect(Math.abs(p95! - 950)).toBeLessThanOrEqual(1);
  expect(Math.abs(p99! - 990)).toBeLessThanOrEqual(1);
  expect(Math.abs(max! - 1000)).toBeLessThanOrEqual(1);
});

test('percentiles without measurements are null', () => {
  const latencies = new Latencies();
  expect(latencies.spread()).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
  latencies.record(0);
  expect(latencies.spread().max).toBe(0.001);
  latencies.reset();
  expect(latencies.spread().count).toBe(0);
});

test('histograms add up to the percentiles of all values, which the mean of their percentiles is not', () => {
  const [quick, slow, all] = [new Latencies(), new Latencies(), new Latencies()];
  for (let i = 1; i <= 900; i++) {
    quick.record(i / 100);
    all.record(i / 100);
  }
  for (let i = 1; i <= 100; i++) {
    slow.record(i * 10);
    all.record(i * 10);
  }
  const merged = new Latencies();
  // As from a file.
  for (const { buckets } of [quick, slow]) merged.add(JSON.parse(JSON.stringify(buckets)) as typeof buckets);
  expect(merged.spread()).toMatchObject({ ...all.spread(), max: expect.closeTo(1000, -1) as number });
  expect(merged.spread().p50).toBeCloseTo(5, 1);
  expect(merged.spread().p95).toBeCloseTo(500, -1);
});

test('a bucket is at most 0.1 % below its values, from a microsecond to an hour', () => {
  for (let ms = 0.001; ms < 3_600_000; ms *= 1.37) {
    const latencies = new Latencies();
    latencies.record(ms);
    const us = Math.max(1, Math.round(ms * 1000));
    const { p50 } = latencies.spread();
    expect(p50! * 1000).toBeLessThanOrEqual(us);
    expect(p50! * 1000).toBeGreaterThan(us * 0.999);
  }
});
