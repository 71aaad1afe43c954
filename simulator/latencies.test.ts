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
