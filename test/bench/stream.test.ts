import { expect, test } from 'vitest';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { fewFrames } from './few-frames.ts';
import { stream } from '../../bench/stream/stream.ts';

const frames = fewFrames();

test('stream benchmark: each frame of a closed loop is answered, and each stage has its figures', async () => {
  const { figures, errors, input, text } = await stream.run(
    { secs: 0.6, rounds: 1, sessions: 3, fps: 4, frames } as BenchOptions,
    () => {},
  );
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ sessions: [1, 3], rounds: 1 });
  const of = (name: string) => figures.find((figure) => figure.name === `PGlite, ${name}`)?.value;
  for (const work of ['closed loop, 1', 'closed loop, 3', '70 % load, 3', 'open loop at 4/s, 3']) {
    expect(of(`${work}: analysed`)).toBeGreaterThan(0);
    expect(of(`${work}: frames lost`)).toBe(0);
    expect(of(`${work}: send to analysis, p99`)).toBeGreaterThanOrEqual(of(`${work}: send to analysis, p50`)!);
    expect(of(`${work}: processor time, main process`)).toEqual(expect.any(Number));
    expect(of(`${work}: processor time, inference host`)).toBeGreaterThan(0);
    expect(text).toContain(work);
  }
  expect(of('closed loop, 3: analysed, beside the models alone')).toBeGreaterThan(0);
  expect(of('70 % load: p99 beside the time of a single frame')).toBeGreaterThan(0);
});
