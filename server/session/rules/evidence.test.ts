import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLEAR, type IncidentChange, observe } from './incident.ts';

const HOLD_MS = 3000;
const RULE = { holdMs: HOLD_MS, minFrames: 1, clears: 2 };

/** Lengths in ms, the condition first, then clear, in turns. */
type Course = readonly number[];

/**
 * A condition that comes and goes, seen at the given rate: frames come up to a third of an interval early or late.
 * Returns what was reported.
 */
function watch(course: Course, fps: number, phase: number, jitter: readonly number[]): IncidentChange[] {
  const edges = course.reduce<number[]>((sums, ms) => [...sums, (sums.at(-1) ?? 0) + ms], []);
  const length = edges.at(-1)!;
  const interval = 1000 / fps;
  const changes: IncidentChange[] = [];
  let state = CLEAR;
  for (let i = 0, at = phase * interval; at < length; i++, at = (i + phase) * interval) {
    const time = Math.max(0, at + (jitter[i % jitter.length]! - 0.5) * 0.66 * interval);
    const piece = edges.findIndex((edge) => time < edge);
    const result = observe(RULE, state, piece >= 0 && piece % 2 === 0, { at: time, unknownMs: 0 });
    state = result.state;
    if (result.change) changes.push(result.change);
  }
  return changes;
}

const phase = fc.double({ min: 0, max: 0.999, noNaN: true });
const jitter = fc.array(phase, { minLength: 1, maxLength: 50 });
const opened = (changes: readonly IncidentChange[]) => changes.filter(({ kind }) => kind === 'open');

describe('the evidence of a condition that comes and goes', () => {
  const pieces = (on: fc.Arbitrary<number>, off: fc.Arbitrary<number>) =>
    fc.array(fc.tuple(on, off), { minLength: 20, maxLength: 60 }).map((pairs) => pairs.flat());

  test('never opens for glances of 1 to 2 s with 4 s and four frame intervals to 10 s between, at any rate', () => {
    // Each observation speaks for half the interval to each side: with jitter, a glance seems up to 4/3 of an interval longer.
    const watched = fc.integer({ min: 1, max: 15 }).chain((fps) => {
      const between = fc.integer({ min: 4000 + Math.ceil(4000 / fps), max: 10_000 });
      return fc.tuple(fc.constant(fps), pieces(fc.integer({ min: 1000, max: 2000 }), between));
    });
    fc.assert(
      fc.property(watched, phase, jitter, ([fps, course], from, early) => {
        expect(opened(watch(course, fps, from, early))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('never opens below a quarter of the time in pieces shorter than half the hold, from 3 frames a second on', () => {
    const rare = pieces(fc.integer({ min: 100, max: 1400 }), fc.integer({ min: 4200, max: 6000 }));
    fc.assert(
      fc.property(rare, fc.integer({ min: 3, max: 15 }), phase, jitter, (course, fps, from, early) => {
        expect(opened(watch(course, fps, from, early))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('opens within 30 s from half of the time on, in pieces of 1 s and eight frame intervals or longer', () => {
    const half = fc
      .integer({ min: 2, max: 15 })
      .chain((fps) =>
        fc
          .integer({ min: Math.max(1000, Math.ceil(8000 / fps)), max: 5000 })
          .chain((off) => fc.tuple(fc.constant(fps), fc.integer({ min: off, max: 6000 }), fc.constant(off))),
      );
    fc.assert(
      fc.property(half, phase, jitter, ([fps, on, off], from, early) => {
        const [first] = opened(watch(Array.from({ length: 20 }, () => [on, off]).flat(), fps, from, early));
        expect(first?.at).toBeLessThanOrEqual(30_000);
      }),
      { numRuns: 200 },
    );
  });

  test('opens at the same time at every rate, give or take an interval and the jitter of a hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1500, max: 2500 }),
        fc.integer({ min: 1000, max: 1500 }),
        fc.integer({ min: 4, max: 15 }),
        phase,
        (on, off, fps, from) => {
          const course = Array.from({ length: 30 }, () => [on, off]).flat();
          const [slow] = opened(watch(course, fps, from, [0.5]));
          const [fast] = opened(watch(course, 30, from, [0.5]));
          // A turn of the condition more or less, where the hold is nearly full at its end.
          expect(Math.abs(slow!.at - fast!.at)).toBeLessThanOrEqual(on + off + 1000 / fps);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is not more than six incidents a minute, however it comes and goes', () => {
    const any = fc.array(fc.integer({ min: 200, max: 12_000 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 5 }), phase, jitter, (course, fps, from, early) => {
        const times = opened(watch(course, fps, from, early)).map(({ at }) => at);
        for (let i = 6; i < times.length; i++) expect(times[i]! - times[i - 6]!).toBeGreaterThan(60_000);
      }),
      { numRuns: 200 },
    );
  });

  test('is bounded: a long absence is forgotten after two holds', () => {
    const changes = watch([3_600_000, 6500, 1000, 5000], 2, 0, [0.5]);
    expect(opened(changes)).toHaveLength(1);
  });

  test('does not grow when the clock is set back, and opens at most one incident when it is set forward', () => {
    let state = CLEAR;
    for (const at of [10_000, 11_000, 4000, 5000, 4000, 5000, 4000]) {
      const result = observe(RULE, state, true, { at, unknownMs: 0 });
      expect(result.state.evidence.level).toBeLessThanOrEqual(HOLD_MS);
      state = result.state;
    }
    expect(observe(RULE, CLEAR, true, { at: 5e12, unknownMs: 0 }).change).toBeUndefined();
  });
});
