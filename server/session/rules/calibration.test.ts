import { describe, expect, test } from 'vitest';
import { detection, pose, STRAIGHT, TWO_FACES } from '../../../simulator/fixtures/detections.ts';
import { RulesRun } from '../../../test/support/rules-run.ts';
import { Policy } from '../../../protocol/policy.ts';
import { calibrate, type Calibration, UNCALIBRATED } from './calibration.ts';
import { applyRules, initialRules } from './rules.ts';

const POLICY = Policy.parse({}).calibration;

/** One good frame a second, from second 0. */
const calibrated = (yaws: readonly number[], pitch = 0): Calibration =>
  yaws.reduce<Calibration>(
    (state, yaw, second) => calibrate(POLICY, state, pose(yaw, pitch), second * 1000),
    UNCALIBRATED,
  );

describe('the calibration baseline', () => {
  test('is the median, so that a glance aside does not move it', () => {
    expect(calibrated([11, 12, 13, 12, -70, 12, 60, 11, 12, 13]).baseline.yaw).toBe(12);
    expect(calibrated([10, 12, 14, 16]).baseline.yaw).toBe(13);
  });

  test('is bounded: nobody calibrates looking away', () => {
    expect(calibrated([50, 50, 50, 50], -60).baseline).toEqual({ yaw: 15, pitch: -15 });
    expect(calibrated([-50, -50, -50, -50], 60).baseline).toEqual({ yaw: -15, pitch: 15 });
  });

  test('is straight ahead until there are three frames', () => {
    expect(calibrated([14, 14]).baseline).toEqual({ yaw: 0, pitch: 0 });
    expect(calibrated([14, 14, 14]).baseline.yaw).toBe(14);
  });

  test('is fixed after ten seconds, whatever comes later', () => {
    const state = calibrated([...Array<number>(11).fill(5), ...Array<number>(60).fill(14)]);
    expect(state).toEqual({
      startedAt: 0,
      samples: [],
      done: true,
      baseline: { yaw: 5, pitch: 0 },
      measured: { yaw: 5, pitch: 0 },
    });
  });

  test('is measured later when the first ten seconds had too few good frames', () => {
    let state = calibrate(POLICY, UNCALIBRATED, pose(12), 0);
    for (const second of [30, 31, 32]) state = calibrate(POLICY, state, pose(12), second * 1000);
    expect(state.baseline.yaw).toBe(12);
  });

  test('stays the bounded zero under a policy without calibration', () => {
    const policy = { ...POLICY, maxYaw: 0, maxPitch: 0 };
    let state = UNCALIBRATED;
    for (let second = 0; second < 20; second++) state = calibrate(policy, state, pose(9, 9), second * 1000);
    expect([Math.abs(state.baseline.yaw), Math.abs(state.baseline.pitch)]).toEqual([0, 0]);
  });
});

describe('calibration in the rules', () => {
  test('a student who sits at yaw 12 is not away at 30, and is at 38', () => {
    const run = new RulesRun().show({ pose: pose(12) }, 15).show({ pose: pose(30) }, 10);
    expect(run.told).toEqual([]);
    expect(run.show({ pose: pose(38) }, 4).told).toEqual(['OPEN LOOKING_AWAY 26..29']);
  });

  test('nor at the same distance to the other side, where one who sits straight is', () => {
    const run = new RulesRun().show({ pose: pose(12) }, 15).show({ pose: pose(-14) }, 5);
    expect(run.told).toEqual(['OPEN LOOKING_AWAY 16..19']);
    expect(new RulesRun().show(STRAIGHT, 15).show({ pose: pose(-14) }, 5).told).toEqual([]);
  });

  test('is not measured anew after a restart of the server: the stored one applies', () => {
    const policy = Policy.parse({});
    let state = initialRules(0, { yaw: 4, pitch: -2 });
    for (let second = 1; second <= 60; second++)
      state = applyRules(policy, state, {
        kind: 'detection',
        detection: detection({ pose: pose(15) }),
        at: second * 1000,
      }).state;
    expect(state.calibration).toMatchObject({ done: true, baseline: { yaw: 4, pitch: -2 } });
  });

  test('a student who looks away from the first second on is away', () => {
    const run = new RulesRun().show({ pose: pose(60) }, 30);
    expect(run.told.at(-1)).toMatch(/^OPEN LOOKING_AWAY/);
  });

  test('frames with two faces, or without a pose, are no measurement', () => {
    const run = new RulesRun()
      .show({ ...TWO_FACES, pose: pose(14) }, 1)
      .show({ pose: null }, 3)
      .show({ ...TWO_FACES, pose: pose(14) }, 1)
      .show(STRAIGHT, 1);
    expect(run.state.calibration).toMatchObject({ samples: [pose(0)], baseline: { yaw: 0 } });
  });

  test('continues after a lost connection with earlier measurements', () => {
    const run = new RulesRun()
      .show({ pose: pose(12) }, 15)
      .gap()
      .resume(100)
      .show({ pose: pose(30) }, 10);
    expect(run.told).toEqual([]);
  });
});
