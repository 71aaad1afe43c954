import { describe, expect, test } from 'vitest';
import {
  CAMERA_EVENTS,
  CHALLENGE_EVENTS,
  DEFAULT_WEIGHTS,
  INCIDENTS,
  PROCTOR_EVENTS,
  isReserved,
  SERVER_EVENTS,
  severityOf,
  SIGNALS,
  UNKNOWN_WEIGHT,
} from './event-types.ts';
import { Policy } from './policy.ts';

describe('the default policy', () => {
  const policy = Policy.parse({});

  test('E6: weighs events like ProctorBE, and connection and camera faults as 0', () => {
    expect(policy.weights).toMatchObject({ NO_FACE: 2, MULTIPLE_FACES: 4, LOOKING_AWAY: 2, TAB_SWITCH: 3 });
    for (const type of [
      ...SERVER_EVENTS,
      ...PROCTOR_EVENTS,
      'CAMERA_COVERED',
      'FROZEN_VIDEO',
      'NO_FRAME_RECEIVED',
      'INVALID_IMAGE',
      'REPEATED_PICTURE',
      'STILL_PICTURE',
      'LOOPED_VIDEO',
      'FEW_FRAMES',
      'SMALL_PICTURE',
      'TWO_SOURCES',
      'FACE_UNCLEAR',
      ...CAMERA_EVENTS,
      ...CHALLENGE_EVENTS,
    ]) {
      expect(policy.weights[type], type).toBe(0);
    }
    expect(policy.unknownWeight).toBe(UNKNOWN_WEIGHT);
  });

  test('E4: has the documented holds, levels, rates and half-life', () => {
    expect(policy).toMatchObject({
      levels: { medium: 5, high: 10 },
      halfLifeSeconds: 300,
      frames: { sendFps: 2, analyseFps: 1 },
      holds: { noFace: 3, lookingAway: 3, cameraCovered: 3, frozenVideo: 10, noFrame: 10 },
      multipleFaces: { frames: 2, minHeightRatio: 0.3 },
      pose: { yaw: 25, pitchUp: 25, pitchDown: -20 },
      calibration: { seconds: 10 },
    });
  });

  test('is unchanged after storing and parsing', () => {
    expect(Policy.parse(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  });
});

describe('a partial policy', () => {
  test('keeps the defaults of omitted settings', () => {
    const policy = Policy.parse({
      weights: { TAB_SWITCH: 7, MY_SIGNAL: 5 },
      holds: { noFace: 8 },
      gaze: { enabled: false },
    });
    expect(policy.weights).toEqual({ ...DEFAULT_WEIGHTS, TAB_SWITCH: 7, MY_SIGNAL: 5 });
    expect(policy.holds).toEqual({ noFace: 8, lookingAway: 3, cameraCovered: 3, frozenVideo: 10, noFrame: 10 });
    expect(policy.gaze.enabled).toBe(false);
  });

  test.each([
    { weights: { TAB_SWITCH: -1 } },
    { unknownWeight: 101 },
    { halfLifeSeconds: 0 },
    { frames: { sendFps: 0 } },
    { frames: { analyseFps: 60 } },
    { holds: { noFace: '3' } },
    { multipleFaces: { frames: 0 } },
    { retentionDays: 0 },
    { evidence: { retentionDays: 0 } },
    { evidence: { retentionDays: 181 } },
    { retentionDays: 30, evidence: { keep: false, retentionDays: 31 } },
  ])('%j is refused', (input) => {
    expect(Policy.safeParse(input).success).toBe(false);
  });
});

describe('event types', () => {
  test('severity follows from the weight', () => {
    expect([-1, 0, 0.5, 1, 1.99, 2, 3, 3.99, 4, 100].map(severityOf)).toEqual([
      'info',
      'info',
      'low',
      'low',
      'low',
      'medium',
      'medium',
      'medium',
      'high',
      'high',
    ]);
  });

  test('S7: names of the server are reserved, names of signals are not', () => {
    for (const type of [...INCIDENTS, ...CAMERA_EVENTS, ...CHALLENGE_EVENTS, ...SERVER_EVENTS, ...PROCTOR_EVENTS])
      expect(isReserved(type), type).toBe(true);
    for (const type of SIGNALS) expect(isReserved(type), type).toBe(false);
  });
});
