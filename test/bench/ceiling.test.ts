import { expect, test } from 'vitest';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { ceiling, STEPS } from '../../bench/ceiling.ts';
import { fewFrames } from './few-frames.ts';

const frames = fewFrames();

test('ceiling benchmark: each step has its rate, CPU time and percentiles, on one thread and on all cores', async () => {
  const { figures, errors, input } = await ceiling.run({ secs: 0.1, frames } as BenchOptions, () => {});
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ framesInTheLoop: 32 });
  const single = figures.filter(({ name }) => name.startsWith('own+own, 1 thread: '));
  expect(single.map(({ name, unit }) => `${name.slice('own+own, 1 thread: '.length)}: ${unit}`)).toEqual(
    STEPS.flatMap((step) => [
      `${step}: frames/s`,
      `${step}, processor time: ms a frame`,
      `${step}, p50: ms`,
      `${step}, p95: ms`,
    ]),
  );
  for (const { value } of figures) expect(value).toBeGreaterThan(0);
});
