import { describe, expect, test } from 'vitest';
import type { Gaze } from '../../../models/jobs.ts';
import { detection, face, pose, type Seen } from '../../../simulator/fixtures/detections.ts';
import { Policy, type PolicyInput } from '../../../protocol/policy.ts';
import { readConditions } from './conditions.ts';
import { isSamePicture } from './frozen-picture.ts';

const read = (seen: Seen, policy: PolicyInput = {}, baseline = { yaw: 0, pitch: 0 }) =>
  readConditions(Policy.parse(policy), detection(seen), baseline);
const gaze = (yaw: number, pitch = 0, confidence = 0.9): Gaze => ({ yaw, pitch, confidence });
const NOTHING = { covered: undefined, noFace: undefined, multipleFaces: undefined, lookingAway: undefined };

test('a student who sits straight meets no condition', () => {
  expect(read({})).toEqual(NOTHING);
});

test('a lit room without a face is NO_FACE and nothing else', () => {
  expect(read({ faces: [] })).toEqual({ ...NOTHING, noFace: 1 });
});

describe('a second face', () => {
  test.each([
    [60, 0.8],
    [61, 0.8],
    [59, undefined],
    [10, undefined],
  ])('of %d pixels beside one of 200: %s', (height, found) => {
    expect(read({ faces: [face(200, 0.9), face(height, 0.8, 500)] }).multipleFaces).toBe(found);
  });

  test('counts beside the tallest one, in whatever order they are listed', () => {
    expect(read({ faces: [face(50, 0.95, 500), face(200, 0.7)] }).multipleFaces).toBeUndefined();
    expect(read({ faces: [face(100, 0.95, 500), face(200, 0.7)] }).multipleFaces).toBe(0.95);
  });

  test('of the same height counts too', () => {
    expect(read({ faces: [face(200, 0.9, 100), face(200, 0.7, 500)] }).multipleFaces).toBe(0.7);
  });

  test('counts from the share that the policy names', () => {
    const faces = [face(200), face(90, 0.8, 500)];
    expect(read({ faces }, { multipleFaces: { minHeightRatio: 0.5 } }).multipleFaces).toBeUndefined();
    expect(read({ faces }, { multipleFaces: { minHeightRatio: 0.45 } }).multipleFaces).toBe(0.8);
  });

  test('has the confidence of the best of several', () => {
    expect(read({ faces: [face(200, 0.9), face(100, 0.5, 500), face(100, 0.7, 600)] }).multipleFaces).toBe(0.7);
  });
});

describe('looking away', () => {
  test.each([
    ['yaw 25', pose(25), false],
    ['yaw 25.1', pose(25.1), true],
    ['yaw -25.1', pose(-25.1), true],
    ['pitch 25.1', pose(0, 25.1), true],
    ['pitch -20', pose(0, -20), false],
    ['pitch -20.1', pose(0, -20.1), true],
  ])('%s', (_name, at, away) => {
    expect(read({ pose: at }).lookingAway).toBe(away ? 0.9 : undefined);
  });

  test('is measured from the baseline, in pitch as in yaw', () => {
    expect(read({ pose: pose(0, -30) }, {}, { yaw: 0, pitch: -12 }).lookingAway).toBeUndefined();
    expect(read({ pose: pose(0, 14) }, {}, { yaw: 0, pitch: -12 }).lookingAway).toBe(0.9);
  });

  test.each([
    ['to the side', gaze(31), {}, true],
    ['up', gaze(0, 26), {}, true],
    ['within their range', gaze(30, -25), {}, false],
    ['not measured well', gaze(60, 0, 0.59), {}, false],
    ['while the policy has gaze off', gaze(60), { gaze: { enabled: false } }, false],
  ] as const)('with the head straight and the eyes %s', (_name, eyes, policy, away) => {
    expect(read({ gaze: eyes }, policy).lookingAway).toBe(away ? 0.9 : undefined);
  });
});

describe('a picture without a face', () => {
  test.each([
    [15.9, 50, true],
    [16, 6, false],
    [120, 5.9, true],
  ])('at mean %d and deviation %d: covered is %s', (mean, deviation, covered) => {
    expect(read({ faces: [], luma: { mean, deviation } }).covered).toBe(covered ? 1 : undefined);
  });

  const BLANK = { faces: [], luma: { mean: 3, deviation: 1 } };
  const UNKNOWN = { noFace: 'unknown', multipleFaces: 'unknown', lookingAway: 'unknown' };

  test('tells nothing but that the camera is covered, if it is dark or featureless', () => {
    expect(read(BLANK)).toEqual({ ...UNKNOWN, covered: 1 });
  });

  test('does not even tell that in a room where a face was found in the dark a moment ago', () => {
    expect(readConditions(Policy.parse({}), detection(BLANK), { yaw: 0, pitch: 0 }, true)).toEqual({
      ...UNKNOWN,
      covered: 'unknown',
    });
  });
});

describe('a picture with a face', () => {
  test('is not covered, however dark or featureless, and everything in it counts', () => {
    for (const luma of [
      { mean: 3, deviation: 1 },
      { mean: 200, deviation: 1 },
    ]) {
      expect(read({ luma })).toEqual(NOTHING);
      expect(read({ luma, faces: [face(), face(150, 0.8, 500)], pose: pose(60) })).toEqual({
        ...NOTHING,
        multipleFaces: 0.8,
        lookingAway: 0.9,
      });
    }
  });

  test('whose pose cannot be measured does not tell where the student looks', () => {
    expect(read({ pose: null }).lookingAway).toBe('unknown');
    expect(read({ pose: null, gaze: gaze(31) }).lookingAway).toBe(0.9);
  });
});

describe('comparing two pictures for FROZEN_VIDEO', () => {
  const print = Uint8Array.from({ length: 192 }, (_, i) => i);

  test('finds them equal when all pixels are, or nearly', () => {
    expect(isSamePicture(print, Uint8Array.from(print))).toBe(true);
    expect(isSamePicture(print, print.with(0, 48))).toBe(true);
  });

  test('finds them different when pixels differ by sensor noise', () => {
    expect(isSamePicture(print, print.with(0, 49))).toBe(false);
    expect(
      isSamePicture(
        print,
        print.map((value, i) => value + (i % 3 === 0 ? 1 : 0)),
      ),
    ).toBe(false);
  });

  test('finds them different when there is nothing to compare', () => {
    expect(isSamePicture(new Uint8Array(0), new Uint8Array(0))).toBe(false);
    expect(isSamePicture(print, print.subarray(1))).toBe(false);
  });
});
