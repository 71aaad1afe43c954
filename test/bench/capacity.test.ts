import { expect, test } from 'vitest';
import { capacity } from '../../bench/capacity/capacity.ts';
import type { BenchOptions } from '../../bench/benchmark.ts';
import { PLANNED_SHARE } from '../../bench/capacity/sizes.ts';
import { capacityOf } from '../../server/system/capacity.ts';
import { describeMachine } from '../../simulator/report/machine.ts';
import { fewFrames } from './few-frames.ts';

const frames = fewFrames();

test('capacity benchmark: every figure of a student has a value at each rate, and the table has a machine for each number of students', async () => {
  const { figures, errors, input, text, more } = await capacity.run(
    { secs: 1, rounds: 1, sessions: 2, frames } as BenchOptions,
    () => {},
  );
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ students: 2, database: 'PGlite' });
  const of = (name: string) => figures.find((figure) => figure.name === name)?.value;
  for (const rate of ['default policy', '2 frames/s', '5 frames/s']) {
    expect(of(`${rate}: processor time of a student, inference host`)).toBeGreaterThan(0);
    // A picture has at least some kilobytes.
    expect(of(`${rate}: received from a student`)).toBeGreaterThan(1);
    expect(of(`${rate}: sent to a student`)).toBeGreaterThan(0);
    expect(text).toContain(rate);
  }
  expect(of('5 frames/s: received from a student')).toBeGreaterThan(of('default policy: received from a student')!);
  expect(of('database growth of an event')).toBeGreaterThan(0);
  expect(of('memory without students, main process')).toBeGreaterThan(30);
  // The server reads the report as it is written.
  const report = JSON.stringify({
    name: 'capacity',
    at: new Date().toISOString(),
    machine: describeMachine(),
    figures,
  });
  expect(capacityOf(report, describeMachine())).toMatchObject({
    perCore: of('default policy: students of one core, without reserve'),
    plannedShare: PLANNED_SHARE,
    sameMachine: true,
  });
  const machines = more!['machines'] as { rate: string; sizes: { students: number; cores: number }[] }[];
  for (const { sizes } of machines) {
    expect(sizes.map(({ students }) => students)).toEqual([30, 100, 250, 500]);
    expect(sizes.at(-1)!.cores).toBeGreaterThanOrEqual(sizes[0]!.cores);
  }
});
