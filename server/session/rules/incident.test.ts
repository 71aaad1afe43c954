import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterGap,
  CLEAR,
  cutOff,
  type IncidentChange,
  type IncidentRule,
  type IncidentState,
  observe,
} from './incident.ts';

const moment = (at: number) => ({ at, unknownMs: 0 });
const HELD: IncidentRule = { holdMs: 3000, minFrames: 1, clears: 2 };

/** Observations at the given times (ms), `+` with the condition and `-` without; what they changed. */
function run(
  rule: IncidentRule,
  observations: readonly (readonly [sign: '+' | '-', at: number, confidence?: number])[],
) {
  let state: IncidentState = CLEAR;
  const changes: IncidentChange[] = [];
  for (const [sign, at, confidence] of observations) {
    const result = observe(rule, state, sign === '+', moment(at), confidence);
    state = result.state;
    if (result.change) changes.push(result.change);
  }
  return { state, changes };
}

describe('unknown time', () => {
  test('counts for nothing: a hold is as long without it', () => {
    const first = observe(HELD, CLEAR, true, { at: 0, unknownMs: 500 }).state;
    const second = observe(HELD, first, true, { at: 5000, unknownMs: 3500 });
    expect(second).toMatchObject({ state: { phase: 'pending', unknownMs: 3000 }, change: undefined });
    expect(observe(HELD, second.state, true, { at: 6000, unknownMs: 3500 }).change).toMatchObject({
      kind: 'open',
      startedAt: 0,
      at: 6000,
      unknownMs: 3000,
    });
  });

  test('before the first clear observation is not part of the incident', () => {
    let { state } = observe({ ...HELD, holdMs: 0 }, CLEAR, true, moment(1000));
    ({ state } = observe(HELD, state, false, { at: 9000, unknownMs: 7000, unknownFrom: 2000 }));
    expect(observe(HELD, state, false, { at: 10_000, unknownMs: 7000 }).change).toMatchObject({
      kind: 'close',
      at: 2000,
      unknownMs: 0,
    });
  });
});

describe('one condition over time', () => {
  test('is pending until its hold is full, without a report', () => {
    expect(
      run(HELD, [
        ['+', 1000],
        ['+', 2000],
        ['+', 3300],
      ]),
    ).toMatchObject({ state: { phase: 'pending', since: moment(1000), frames: 3 }, changes: [] });
    expect(
      run(HELD, [
        ['+', 1000],
        ['+', 3750],
      ]).changes,
    ).toEqual([{ kind: 'open', startedAt: 1000, at: 3750, frames: 2, confidence: 1, unknownMs: 0, clearMs: 0 }]);
  });

  test('needs its least number of observations, however long they take', () => {
    const rule = { holdMs: 0, minFrames: 3, clears: 1 };
    expect(
      run(rule, [
        ['+', 0],
        ['+', 60_000],
      ]).changes,
    ).toEqual([]);
    expect(
      run(rule, [
        ['+', 0],
        ['+', 1],
        ['+', 2],
      ]).changes,
    ).toMatchObject([{ kind: 'open', startedAt: 0, at: 2 }]);
  });

  test('while it is pending, clear time leaks half as fast as the condition fills', () => {
    const pending = run(HELD, [
      ['+', 0],
      ['+', 2000],
      ['-', 2500],
    ]).state;
    // Half of the last half second had the condition: 2000 + 250 - 125.
    expect(pending).toMatchObject({ phase: 'pending', evidence: { level: 2125 }, intermittent: true });
    expect(observe(HELD, pending, false, moment(6749)).state).toMatchObject({ phase: 'pending' });
    expect(observe(HELD, pending, false, moment(6750)).state).toEqual(CLEAR);
  });

  test('opened by repetition, it begins with the first of the observations and states the clear time among them', () => {
    const { changes } = run(HELD, [
      ['+', 1000],
      ['+', 2500],
      ['-', 3500],
      ['+', 4500],
      ['+', 5500],
    ]);
    expect(changes).toEqual([
      { kind: 'open', startedAt: 1000, at: 5500, frames: 4, confidence: 1, unknownMs: 0, clearMs: 1000 },
    ]);
  });

  test('opened by repetition, it lasts until its evidence is used up, and ends at the first clear observation after the last', () => {
    const blinks = Array.from({ length: 40 }, (_, second) => [second % 4 < 2 ? '+' : '-', second * 1000] as const);
    const { changes, state } = run(HELD, [...blinks, ...[40, 42, 44, 46].map((at) => ['-', at * 1000] as const)]);
    expect(changes.filter(({ kind }) => kind !== 'update').map(({ kind, at }) => [kind, at])).toEqual([
      ['open', 9000],
      ['close', 38_000],
    ]);
    expect(changes.at(-1)).toMatchObject({ startedAt: 0, frames: 20, clearMs: 18_000 });
    expect(state).toEqual(CLEAR);
  });

  test('opens again soon when it is repeated soon, as a new incident', () => {
    const { changes } = run(HELD, [
      ['+', 0],
      ['+', 3000],
      ['-', 4000],
      ['-', 5000],
      ['+', 6000],
      ['+', 6500],
    ]);
    expect(changes.map(({ kind, startedAt, at }) => [kind, startedAt, at])).toEqual([
      ['open', 0, 3000],
      ['close', 0, 4000],
      ['open', 6000, 6000],
    ]);
  });

  test('a rule that forgets needs its whole hold again after one clear observation', () => {
    const rule = { ...HELD, clears: 1, forgets: true };
    const { changes } = run(rule, [
      ['+', 0],
      ['+', 2000],
      ['-', 2100],
      ['+', 2200],
      ['+', 4200],
      ['+', 5200],
    ]);
    expect(changes.map(({ kind, startedAt, at }) => [kind, startedAt, at])).toEqual([['open', 2200, 5200]]);
  });

  test('keeps the highest confidence observed', () => {
    const { changes } = run(HELD, [
      ['+', 0, 0.4],
      ['+', 1000, 0.9],
      ['+', 3000, 0.6],
      ['-', 4000],
      ['-', 5000],
    ]);
    expect(changes.map((change) => change.confidence)).toEqual([0.9, 0.9]);
  });

  test('ends at the first of the clear observations that closed it', () => {
    const { changes, state } = run(HELD, [
      ['+', 0],
      ['+', 3000],
      ['-', 4000],
      ['+', 5000],
      ['-', 6000],
      ['-', 7000],
    ]);
    expect(changes.map(({ kind, at }) => [kind, at])).toEqual([
      ['open', 3000],
      ['close', 6000],
    ]);
    expect(state.phase).toBe('clear');
  });

  test('may begin before it is observed, when that is known', () => {
    expect(observe(HELD, CLEAR, true, moment(10_000), 1, moment(4000)).change).toMatchObject({
      kind: 'open',
      startedAt: 4000,
      at: 10_000,
    });
  });
});

describe('cutting off an incident', () => {
  const open = run(HELD, [
    ['+', 1000],
    ['+', 4000],
  ]).state;

  test('ends an open one at the given time', () => {
    expect(cutOff(HELD, open, 5000)).toMatchObject({
      state: { phase: 'clear', frames: 0 },
      change: { kind: 'close', startedAt: 1000, at: 5000 },
    });
  });

  test('ends it where it was already seen to be clear', () => {
    expect(cutOff(HELD, observe(HELD, open, false, moment(4500)).state, 9000).change).toMatchObject({ at: 4500 });
  });

  test('never ends it before it began', () => {
    expect(cutOff(HELD, open, 500).change).toMatchObject({ startedAt: 1000, at: 1000 });
  });

  test('ends a pending one without a report', () => {
    expect(cutOff(HELD, run(HELD, [['+', 1000]]).state, 2000)).toEqual({ state: CLEAR, change: undefined });
    expect(cutOff(HELD, CLEAR, 2000)).toEqual({ state: CLEAR, change: undefined });
  });

  test('keeps its evidence, from which the time of the gap leaks as clear time does', () => {
    const { state } = cutOff(HELD, open, 5000);
    expect(state.evidence).toMatchObject({ level: HELD.holdMs, last: undefined });
    expect(afterGap(HELD, state, 2000).evidence.level).toBe(HELD.holdMs - 1000);
    expect(afterGap(HELD, state, 2 * HELD.holdMs)).toEqual(CLEAR);
  });

  test('of a rule that forgets keeps nothing', () => {
    const forgetful = { ...HELD, forgets: true };
    expect(cutOff(forgetful, open, 5000).state).toEqual(CLEAR);
  });
});

test('whatever is observed: open, updates, close, in that order, at most one report an observation, each hold full unless it is repeated (E5)', () => {
  const rules = fc.record({
    holdMs: fc.integer({ min: 0, max: 10_000 }),
    minFrames: fc.integer({ min: 1, max: 4 }),
    clears: fc.integer({ min: 1, max: 3 }),
  });
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 6000 })), { maxLength: 60 });
  fc.assert(
    fc.property(rules, steps, (rule, course) => {
      let at = 0;
      let state: IncidentState = CLEAR;
      let isOpen = false;
      let last: IncidentChange | undefined;
      let isRepeated = false;
      for (const [seen, ms] of course) {
        at += ms;
        const before = state.evidence.level;
        if (state.phase === 'clear') isRepeated = before > 0;
        const result = observe(rule, state, seen, moment(at));
        state = result.state;
        const { change } = result;
        if (!change) continue;
        expect(change.at - change.startedAt).toBeGreaterThanOrEqual(change.clearMs);
        expect(change.kind === 'open').toBe(!isOpen);
        isOpen = change.kind !== 'close';
        if (change.kind === 'open') {
          // Half an interval is forgiven: 250 ms at least, a quarter of the hold at most.
          if (isRepeated) expect(state.intermittent).toBe(true);
          else {
            expect(change.at - change.startedAt).toBeGreaterThanOrEqual(rule.holdMs - Math.max(250, rule.holdMs / 4));
            expect(change.frames).toBeGreaterThanOrEqual(rule.minFrames);
          }
        } else {
          expect(change.startedAt).toBe(last!.startedAt);
          expect(change.frames).toBeGreaterThanOrEqual(last!.frames);
        }
        last = change;
      }
      expect(state.phase === 'open').toBe(isOpen);
    }),
  );
});
