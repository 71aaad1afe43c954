import { describe, expect, test } from 'vitest';
import { Policy } from '../../../protocol/policy.ts';
import { accommodate } from './accommodations.ts';
import { weightOf } from './risk.ts';

const policy = Policy.parse({ holds: { noFace: 5 }, weights: { TAB_SWITCH: 7 }, gaze: { yaw: 33 } });

describe('an accommodated policy', () => {
  test('without accommodations is the exam policy', () => {
    expect(accommodate(policy, {})).toEqual(policy);
  });

  test("leaves the exam's own policy alone", () => {
    const before = structuredClone(policy);
    accommodate(policy, { gaze: false, holds: { noFace: 30 }, weights: { TAB_SWITCH: 0 } });
    expect(policy).toEqual(before);
  });

  test('without gaze keeps everything else about the eyes', () => {
    expect(accommodate(policy, { gaze: false }).gaze).toEqual({
      enabled: false,
      yaw: 33,
      pitch: 25,
      minConfidence: 0.6,
    });
  });

  test('with gaze stays as the exam says', () => {
    expect(accommodate(policy, { gaze: true }).gaze.enabled).toBe(true);
    const off = Policy.parse({ gaze: { enabled: false } });
    expect(accommodate(off, { gaze: true }).gaze.enabled).toBe(false);
  });

  test('takes the holds that are given, and keeps the others', () => {
    expect(accommodate(policy, { holds: { lookingAway: 20, frozenVideo: undefined } }).holds).toEqual({
      noFace: 5,
      lookingAway: 20,
      cameraCovered: 3,
      frozenVideo: 10,
      noFrame: 10,
    });
  });

  test('takes the weights that are given, zero and unknown types among them', () => {
    const changed = accommodate(policy, { weights: { MULTIPLE_FACES: 0, SCREEN_READER: 0.5 } });
    expect(changed.weights['TAB_SWITCH']).toBe(7);
    expect([
      weightOf(changed, 'MULTIPLE_FACES'),
      weightOf(changed, 'SCREEN_READER'),
      weightOf(changed, 'NO_FACE'),
    ]).toEqual([0, 0.5, 2]);
  });

  test('is a valid policy', () => {
    const changed = accommodate(policy, { gaze: false, holds: { noFace: 3600 }, weights: { NO_FACE: 100 } });
    expect(Policy.parse(changed)).toEqual(changed);
  });
});
