import { describe, expect, test } from 'vitest';
import { Policy, type PolicyInput } from '../../../protocol/policy.ts';
import {
  attend,
  attendAll,
  attendEnd,
  attendLonger,
  attentionLevel,
  attendReviewed,
  attentionAt,
  attentionView,
  isSettled,
  NO_ATTENTION,
  peaked,
} from './attention.ts';
import type { AttentionState } from '../../../db/schema/attention-state.ts';

const T0 = Date.UTC(2026, 0, 5, 9);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const POLICY = Policy.parse({});
const policyWith = (input: PolicyInput) => Policy.parse(input);

const instant = (state: AttentionState, type: string, at: number, policy = POLICY) =>
  attend(policy, state, type, { from: at, to: at, now: at });
const opened = (state: AttentionState, type: string, at: number, policy = POLICY) =>
  attend(policy, state, type, { from: at, to: undefined, now: at });
const lasting = (state: AttentionState, type: string, from: number, to: number) =>
  attendEnd(POLICY, opened(state, type, from), type, to);
const valueAt = (state: AttentionState, at: number) => attentionAt(POLICY, state, at).value;

describe('the value', () => {
  test('of a session without events is 0, calm, and names nothing', () => {
    expect(attentionAt(POLICY, NO_ATTENTION, T0)).toEqual({ value: 0, level: 'calm', because: [] });
  });

  test('grows while a condition lasts, and falls to a half in one half-life after its end', () => {
    const open = opened(NO_ATTENTION, 'LOOKING_AWAY', T0);
    const values = [0, 1, 2, 5].map((minutes) => valueAt(open, T0 + minutes * MINUTE));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(new Set(values).size).toBe(4);
    const short = lasting(NO_ATTENTION, 'LOOKING_AWAY', T0, T0 + 10 * SECOND);
    const then = valueAt(short, T0 + 10 * SECOND);
    const later = valueAt(short, T0 + 10 * SECOND + POLICY.attention.halfLifeSeconds * SECOND);
    expect(later / then).toBeCloseTo(0.5, 1);
  });

  test.each(['CAMERA_COVERED', 'NO_FRAME_RECEIVED', 'FROZEN_VIDEO', 'NO_FACE', 'MULTIPLE_FACES', 'TAB_SWITCH'])(
    'of five minutes of %s is high',
    (type) => {
      expect(attentionAt(POLICY, opened(NO_ATTENTION, type, T0), T0 + 5 * MINUTE).level).toBe('high');
    },
  );

  test('of ten right clicks in two hours stays calm, and so do they within a second', () => {
    let spread = NO_ATTENTION;
    let burst = NO_ATTENTION;
    for (let i = 0; i < 10; i++) {
      spread = instant(spread, 'CONTEXT_MENU', T0 + i * 12 * MINUTE);
      burst = instant(burst, 'CONTEXT_MENU', T0 + i * 100);
    }
    expect(spread.peak.level).toBe('calm');
    expect(burst.peak.level).toBe('calm');
  });

  test('does not depend on how long the exam was before: the same rate of events gives the same value', () => {
    let state = NO_ATTENTION;
    const values: number[] = [];
    for (let i = 1; i <= 60; i++) {
      state = instant(state, 'COPY', T0 + i * 5 * MINUTE);
      values.push(valueAt(state, T0 + i * 5 * MINUTE));
    }
    expect(values.at(-1)! - values[29]!).toBeLessThan(0.2);
    expect(state.peak.level).toBe('calm');
  });

  test('gets less from each further event of a kind, and at most 80 from any kind', () => {
    let state = NO_ATTENTION;
    const gains: number[] = [];
    for (let i = 0; i < 20; i++) {
      const before = valueAt(state, T0);
      state = instant(state, 'PASTE', T0);
      gains.push(valueAt(state, T0) - before);
    }
    expect(gains[0]).toBeGreaterThan(3);
    expect(gains.at(-1)!).toBeLessThan(gains[0]! / 4);
    const hours = opened(NO_ATTENTION, 'CAMERA_COVERED', T0);
    expect(valueAt(hours, T0 + 600 * MINUTE)).toBe(80);
  });

  test('is at most 100, and names its three largest parts with their shares', () => {
    let state = NO_ATTENTION;
    for (const type of ['NO_FACE', 'CAMERA_COVERED', 'TAB_SWITCH', 'COPY']) state = opened(state, type, T0);
    const { value, level, because } = attentionAt(POLICY, state, T0 + 60 * MINUTE);
    expect(value).toBe(100);
    expect(level).toBe('high');
    expect(because).toHaveLength(3);
    expect(because.map(({ type }) => type)).not.toContain('COPY');
    expect(because.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.01);
  });

  test('is the same again after a clock that went back', () => {
    const state = instant(NO_ATTENTION, 'PASTE', T0);
    expect(valueAt(state, T0 - MINUTE)).toBe(valueAt(state, T0));
  });
});

describe('a policy', () => {
  test('that gives a type no risk weight gives it no attention, and a larger one more', () => {
    const allowed = policyWith({ weights: { TAB_SWITCH: 0, PASTE: 0 } });
    for (const type of ['TAB_SWITCH', 'PASTE'])
      expect(instant(NO_ATTENTION, type, T0, allowed), type).toBe(NO_ATTENTION);
    const strict = policyWith({ weights: { TAB_SWITCH: 6 } });
    expect(attentionAt(strict, instant(NO_ATTENTION, 'TAB_SWITCH', T0, strict), T0).value).toBeGreaterThan(
      valueAt(instant(NO_ATTENTION, 'TAB_SWITCH', T0), T0),
    );
  });

  test('changes weights, minutes, thresholds and the half-life', () => {
    const own = policyWith({ attention: { watch: 1, high: 2, halfLifeSeconds: 10, weights: { COPY: 3 } } });
    const state = instant(NO_ATTENTION, 'COPY', T0, own);
    expect(attentionAt(own, state, T0).level).toBe('high');
    expect(attentionAt(own, state, T0 + 20 * SECOND).level).toBe('calm');
  });

  test('stored before there was a type means its default points; a zero means none', () => {
    const { NO_FACE: _weight, ...weights } = POLICY.attention.weights;
    const { NO_FACE: _minute, ...perMinute } = POLICY.attention.perMinute;
    const older = { ...POLICY, attention: { ...POLICY.attention, weights, perMinute } };
    expect(opened(NO_ATTENTION, 'NO_FACE', T0, older)).toEqual(opened(NO_ATTENTION, 'NO_FACE', T0));
    const none = policyWith({ attention: { weights: { NO_FACE: 0 }, perMinute: { NO_FACE: 0 } } });
    expect(opened(NO_ATTENTION, 'NO_FACE', T0, none)).toBe(NO_ATTENTION);
  });

  test('of a session from before there was attention means the defaults', () => {
    const { attention: _attention, ...old } = POLICY;
    const state = attend(old, NO_ATTENTION, 'NO_FACE', { from: T0, to: undefined, now: T0 });
    expect(attentionAt(old, state, T0 + MINUTE)).toEqual(
      attentionAt(POLICY, opened(NO_ATTENTION, 'NO_FACE', T0), T0 + MINUTE),
    );
  });
});

test('names that clients invent share one part: the state does not grow with them', () => {
  let state = NO_ATTENTION;
  for (let i = 0; i < 1000; i++) state = instant(state, `MADE_UP_${i}`, T0 + i);
  expect(Object.keys(state.parts)).toEqual(['OTHER']);
  expect(JSON.stringify(state).length).toBeLessThan(300);
});

test('an absence whose length becomes known later counts as long', () => {
  const brief = instant(NO_ATTENTION, 'TAB_SWITCH', T0);
  const long = attendLonger(POLICY, brief, 'TAB_SWITCH', {
    was: { ms: 0, endedAt: T0 },
    is: { ms: 4 * MINUTE, endedAt: T0 + 4 * MINUTE },
    now: T0 + 4 * MINUTE,
  });
  expect(valueAt(long, T0 + 4 * MINUTE)).toBeGreaterThan(2 * valueAt(brief, T0 + 4 * MINUTE));
});

describe('an ended session', () => {
  test('keeps its highest value, with the reasons of that time', () => {
    let state = opened(NO_ATTENTION, 'NO_FACE', T0);
    state = peaked(POLICY, state, T0 + 5 * MINUTE);
    state = attendEnd(POLICY, state, 'NO_FACE', T0 + 6 * MINUTE);
    const view = attentionView(POLICY, state, { ended: true, now: T0 + 120 * MINUTE });
    expect(view).toMatchObject({ level: 'high', because: [{ type: 'NO_FACE', share: 1 }] });
    expect(attentionView(POLICY, state, { ended: false, now: T0 + 120 * MINUTE }).level).toBe('calm');
  });

  test('is the same computed anew from its events', () => {
    const events = [
      { type: 'NO_FACE', startedAt: T0, endedAt: T0 + 3 * MINUTE, dismissed: false },
      { type: 'PASTE', startedAt: T0 + MINUTE, endedAt: T0 + MINUTE, dismissed: false },
      { type: 'NO_FACE', startedAt: T0 + 9 * MINUTE, endedAt: T0 + 10 * MINUTE, dismissed: false },
    ];
    let live = opened(NO_ATTENTION, 'NO_FACE', T0);
    live = instant(live, 'PASTE', T0 + MINUTE);
    live = attendEnd(POLICY, live, 'NO_FACE', T0 + 3 * MINUTE);
    live = lasting(live, 'NO_FACE', T0 + 9 * MINUTE, T0 + 10 * MINUTE);
    expect(attendAll(POLICY, events)).toEqual(live);
    const dismissed = events.map((event) => ({ ...event, dismissed: true }));
    expect(attendAll(POLICY, dismissed)).toEqual(NO_ATTENTION);
  });

  test('counts nothing of a pause', () => {
    const at = (minutes: number) => ({ startedAt: T0 + minutes * MINUTE, endedAt: T0 + minutes * MINUTE });
    const events = [
      { type: 'SESSION_PAUSED', ...at(0), dismissed: false },
      { type: 'TAB_SWITCH', ...at(1), dismissed: false },
      { type: 'SESSION_RESUMED', ...at(2), dismissed: false },
    ];
    expect(attendAll(POLICY, events)).toEqual(NO_ATTENTION);
  });
});

describe('an event that a person dismisses', () => {
  const event = { type: 'NO_FACE', startedAt: T0, endedAt: T0 + 5 * MINUTE };
  const ended = lasting(NO_ATTENTION, 'NO_FACE', T0, T0 + 5 * MINUTE);
  const now = T0 + 7 * MINUTE;

  test('takes its points from the value and from the highest value; restored, they are back', () => {
    const without = attendReviewed(POLICY, ended, event, { dismissed: true, now });
    expect(valueAt(without, now)).toBe(0);
    expect(without.peak.value).toBeLessThan(ended.peak.value);
    const again = attendReviewed(POLICY, without, event, { dismissed: false, now });
    expect(valueAt(again, now)).toBeCloseTo(valueAt(ended, now), 1);
  });

  test('while it lasts stops growing', () => {
    const open = opened(NO_ATTENTION, 'NO_FACE', T0);
    const without = attendReviewed(POLICY, open, { ...event, endedAt: null }, { dismissed: true, now });
    expect(valueAt(without, now + 10 * MINUTE)).toBe(0);
  });
});

test('attention is settled when nothing grows or falls by a point any more, also if its sum stands still', () => {
  const gap = opened(NO_ATTENTION, 'CONNECTION_LOST', T0);
  expect(isSettled(POLICY, NO_ATTENTION, T0)).toBe(true);
  expect(isSettled(POLICY, gap, T0 + 10 * MINUTE)).toBe(false);
  expect(isSettled(POLICY, gap, T0 + 60 * MINUTE)).toBe(true);
  const fading = lasting(NO_ATTENTION, 'CAMERA_COVERED', T0, T0 + 5 * MINUTE);
  expect(isSettled(POLICY, fading, T0 + 20 * MINUTE)).toBe(false);
  expect(isSettled(POLICY, fading, T0 + 120 * MINUTE)).toBe(true);
  const both = opened(fading, 'CONNECTION_LOST', T0 + 5 * MINUTE);
  for (let minute = 6; minute < 60; minute++) {
    const now = T0 + minute * MINUTE;
    if (isSettled(POLICY, both, now))
      expect(Math.abs(valueAt(both, now) - valueAt(both, now + 600 * MINUTE))).toBeLessThan(1.1);
  }
});

test('a policy whose "watch" is above "high" hides no high value', () => {
  const policy = Policy.parse({ attention: { watch: 90, high: 10 } });
  expect([5, 50, 95].map((value) => attentionLevel(policy, value))).toEqual(['calm', 'high', 'high']);
});
