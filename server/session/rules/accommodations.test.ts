import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DetectionChanges } from '../../../protocol/accommodations.ts';
import { Policy } from '../../../protocol/policy.ts';
import { accommodate, accommodatedPolicy, favour } from './accommodations.ts';
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

  test('without head turns has none; without gaze only proctors ask for them, unless it says otherwise', () => {
    const turning = Policy.parse({ challenges: { enabled: true, perHour: 3 } });
    const turns = (changes: DetectionChanges) => accommodate(turning, changes).challenges;
    expect(turns({ challenges: false })).toMatchObject({ enabled: false });
    expect(turns({ gaze: false })).toMatchObject({ enabled: true, perHour: 0 });
    expect(turns({ gaze: false, challenges: true })).toMatchObject({ enabled: true, perHour: 3 });
    expect(accommodate(policy, { challenges: true }).challenges.enabled).toBe(false);
    expect(favour(turning, { challenges: false }).challenges.enabled).toBe(false);
    // A session of a policy from before there were head turns.
    const { challenges: _none, ...older } = turning;
    expect(accommodate(older as Policy, { challenges: true }).challenges.enabled).toBe(false);
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

describe('changes of an accommodation profile', () => {
  test('lengthen holds and lower weights, and leave those of the exam that favour the student more', () => {
    const exam = Policy.parse({ holds: { noFace: 12, lookingAway: 3 }, weights: { TAB_SWITCH: 0, NO_FACE: 4 } });
    const changed = favour(exam, {
      holds: { noFace: 8, lookingAway: 8 },
      weights: { TAB_SWITCH: 2, NO_FACE: 1, SCREEN_READER: 0, OTHER: 50 },
    });
    expect(changed.holds).toMatchObject({ noFace: 12, lookingAway: 8 });
    expect([weightOf(changed, 'TAB_SWITCH'), weightOf(changed, 'NO_FACE')]).toEqual([0, 1]);
    expect([weightOf(changed, 'SCREEN_READER'), weightOf(changed, 'OTHER')]).toEqual([0, exam.unknownWeight]);
  });

  test('turn gaze off and never on', () => {
    expect(favour(policy, { gaze: false }).gaze.enabled).toBe(false);
    expect(favour(Policy.parse({ gaze: { enabled: false } }), { gaze: true }).gaze.enabled).toBe(false);
  });

  test("are added to the enrolment's, which replace the exam's: of both, the one that favours the student holds", () => {
    const profile = { id: '', name: '', version: 1, breakMinutes: 0, headCovering: false, note: null };
    const { holds } = accommodatedPolicy(policy, {
      detection: { holds: { noFace: 2, lookingAway: 20 } },
      profile: { ...profile, detection: { holds: { lookingAway: 8, frozenVideo: 30 } } },
    });
    expect(holds).toMatchObject({ noFace: 2, lookingAway: 20, frozenVideo: 30, cameraCovered: 3 });
  });

  test('never make a policy stricter, and keep it valid', () => {
    const hold = fc.option(fc.integer({ min: 0, max: 3600 }), { nil: undefined });
    const type = fc.constantFrom('TAB_SWITCH', 'NO_FACE', 'SCREEN_READER');
    const weights = fc.dictionary(type, fc.integer({ min: 0, max: 100 }));
    const changes = fc.record({
      gaze: fc.option(fc.boolean(), { nil: undefined }),
      holds: fc.record({ noFace: hold, lookingAway: hold }),
      weights,
    });
    fc.assert(
      fc.property(changes, changes, (exam, given) => {
        const before = accommodate(policy, DetectionChanges.parse(exam));
        const after = favour(before, DetectionChanges.parse(given));
        expect(Policy.parse(after)).toEqual(after);
        expect(after.gaze.enabled && !before.gaze.enabled).toBe(false);
        for (const [name, seconds] of Object.entries(before.holds))
          expect(after.holds[name as keyof typeof after.holds]).toBeGreaterThanOrEqual(seconds);
        for (const one of ['TAB_SWITCH', 'NO_FACE', 'SCREEN_READER'])
          expect(weightOf(after, one)).toBeLessThanOrEqual(weightOf(before, one));
      }),
    );
  });
});
