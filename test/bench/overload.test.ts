import { expect, test } from 'vitest';
import { fewFrames } from './few-frames.ts';
import { runOverload } from '../../bench/overload/overload.ts';

const frames = fewFrames();

test('overload benchmark: under overload every session has frames analysed and signals acknowledged', async () => {
  const small = { secs: 2, rounds: 1, sessions: 4, fps: 15, frames, settleSecs: 3, most: 24 };
  const { figures, errors, input } = await runOverload(small, () => {});
  expect(errors).toEqual([]);
  expect(input).toMatchObject({ factor: 10, fps: 15 });
  const of = (name: string) => figures.find((figure) => figure.name === `PGlite: ${name}`)?.value;
  expect(of('analysed at most, closed loop')).toBeGreaterThan(0);
  expect(of('analysed')).toBeGreaterThan(0);
  expect(of("Jain's fairness over sessions")).toBeGreaterThan(0);
  expect(of("Jain's fairness over sessions")).toBeLessThanOrEqual(1);
  expect(of('signals acknowledged')).toBeGreaterThan(0);
  expect(of('send to acknowledgement, p99 under load beside at rest')).toBeGreaterThan(0);
  expect(of('memory while the rate comes down, main process')).toBeGreaterThan(0);
});
