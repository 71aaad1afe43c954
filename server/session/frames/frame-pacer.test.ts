import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FramePacer } from './frame-pacer.ts';

/** How many of frames at these times (ms) are looked at. */
function looked(pacer: FramePacer, fps: number, times: readonly number[]): number {
  return times.filter((at) => pacer.isDue(fps, at)).length;
}

const steady = (fps: number, seconds: number, from = 0) =>
  Array.from({ length: Math.round(fps * seconds) }, (_, i) => from + (i * 1000) / fps);

describe('frames chosen for analysis (F6)', () => {
  test.each([
    [2, 1],
    [3, 1],
    [15, 1],
    [5, 2],
    [2, 0.5],
    [15, 15],
    [1, 1],
  ])('at %d a second, %d a second are looked at', (sent, wanted) => {
    const count = looked(new FramePacer(), wanted, steady(sent, 600, 1_000_000));
    expect(count / 600).toBeGreaterThan(wanted * 0.98);
    expect(count / 600).toBeLessThan(wanted * 1.02);
  });

  test('have the configured mean rate, whatever the jitter of arrivals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 6 }), fc.constantFrom(0.5, 1, 2), (seed, wanted) => {
        let random = seed;
        const jitter = () => ((random = (random * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5) * 400;
        const times = steady(2 * wanted + 1, 300)
          .map((at) => at + jitter())
          .sort((a, b) => a - b);
        const rate = looked(new FramePacer(), wanted, times) / 300;
        expect(rate).toBeGreaterThan(wanted * 0.93);
        expect(rate).toBeLessThan(wanted * 1.05);
      }),
      { numRuns: 50 },
    );
  });

  test('are all frames when fewer arrive than configured', () => {
    expect(looked(new FramePacer(), 2, steady(0.9, 100))).toBe(90);
  });

  test('include the first one, and do not accumulate during a pause', () => {
    const pacer = new FramePacer();
    expect(pacer.isDue(1, 500_000)).toBe(true);
    expect(looked(pacer, 1, steady(10, 10, 900_000))).toBeLessThanOrEqual(11);
  });
});

describe('pacing after a change of rate or clock', () => {
  test('a higher rate applies from the next frame, not after the old interval', () => {
    const pacer = new FramePacer();
    pacer.isDue(0.01, 0);
    expect(looked(pacer, 1, steady(2, 10, 1000))).toBeGreaterThanOrEqual(8);
  });

  test('a clock that is set back by an hour does not stop the analysis', () => {
    const pacer = new FramePacer();
    looked(pacer, 1, steady(2, 10, 3_600_000));
    expect(looked(pacer, 1, steady(2, 60, 10_000))).toBeGreaterThanOrEqual(57);
  });
});
