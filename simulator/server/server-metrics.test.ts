import { expect, test } from 'vitest';
import { ServerMetrics } from './server-metrics.ts';

const TEXT = `# HELP invigil_inference_seconds Time in a worker, by step
# TYPE invigil_inference_seconds histogram
invigil_inference_seconds_sum{step="decode"} 0.5
invigil_inference_seconds_count{step="decode"} 10
invigil_inference_seconds_sum{step="detect"} 1.25

invigil_frames_dropped_total{reason="not_due"} 3
invigil_frames_dropped_total{reason="over_rate"} 4
invigil_rate_scale 0.8
`;

test('metrics are looked up by name, summed over all labels or for one', () => {
  const metrics = new ServerMetrics(TEXT);
  expect(metrics.inferenceMs).toBe(1750);
  expect(metrics.sum('invigil_frames_dropped_total')).toBe(7);
  expect(metrics.sum('invigil_frames_dropped_total{reason="over_rate"}')).toBe(4);
  expect(metrics.sum('invigil_rate_scale')).toBe(0.8);
  expect(metrics.sum('invigil_rate')).toBe(0);
  expect([...metrics.byLabel('invigil_frames_dropped_total')]).toEqual([
    ['not_due', 3],
    ['over_rate', 4],
  ]);
  expect([...metrics.byLabel('invigil_rate_scale')]).toEqual([]);
});
