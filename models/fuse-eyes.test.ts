import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EyeGaze, fuseEyes } from './fuse-eyes.ts';

const eye = (yaw: number, confidence = 0.9, pitch = 0): EyeGaze => ({ yaw, pitch, confidence });
const anyEye = fc.record({
  yaw: fc.double({ min: -60, max: 60, noNaN: true }),
  pitch: fc.double({ min: -50, max: 50, noNaN: true }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('two eyes', () => {
  test('with known gaze are averaged by confidence', () => {
    expect(fuseEyes(eye(20, 0.9, 4), eye(26, 0.6, 10))).toMatchObject({
      yaw: expect.closeTo(22.4),
      pitch: expect.closeTo(6.4),
      confidence: 0.75,
    });
  });

  test('that agree keep their confidence', () => {
    expect(fuseEyes(eye(20), eye(28))!.confidence).toBeCloseTo(0.9);
  });

  test('that confidently disagree give an unknown gaze', () => {
    expect(fuseEyes(eye(-10), eye(11))!.confidence).toBeLessThan(0.6);
    expect(fuseEyes(eye(-20), eye(20))!.confidence).toBe(0);
  });

  test('with one eye hidden give the gaze of the other at a slightly lower confidence', () => {
    expect(fuseEyes(eye(20, 0.9, 5), eye(-30, 0.2))).toEqual({ yaw: 20, pitch: 5, confidence: 0.9 * 0.85 });
    expect(fuseEyes(eye(20, 0.65), eye(-30, 0.2))!.confidence).toBeLessThan(0.6);
  });

  test('with unknown gaze give an unknown gaze', () => {
    expect(fuseEyes(eye(20, 0.5), eye(20, 0.59))!.confidence).toBeLessThan(0.6);
  });

  test('with NaN give no measurement, and a single eye with NaN counts as hidden', () => {
    expect(fuseEyes(eye(Number.NaN), eye(0, Number.NaN))).toBeNull();
    expect(fuseEyes(eye(Number.NaN), eye(20))).toMatchObject({ yaw: 20, confidence: 0.9 * 0.85 });
  });
});

describe('any two eyes', () => {
  test('the fused gaze lies between both, with at most the higher confidence', () => {
    fc.assert(
      fc.property(anyEye, anyEye, (left, right) => {
        const gaze = fuseEyes(left, right)!;
        expect(gaze.yaw).toBeGreaterThanOrEqual(Math.min(left.yaw, right.yaw) - 1e-9);
        expect(gaze.yaw).toBeLessThanOrEqual(Math.max(left.yaw, right.yaw) + 1e-9);
        expect(gaze.confidence).toBeGreaterThanOrEqual(0);
        expect(gaze.confidence).toBeLessThanOrEqual(Math.max(left.confidence, right.confidence));
      }),
    );
  });

  test('mirroring the face mirrors the gaze', () => {
    const mirrored = (one: EyeGaze): EyeGaze => ({ ...one, yaw: -one.yaw });
    fc.assert(
      fc.property(anyEye, anyEye, (left, right) => {
        const gaze = fuseEyes(left, right)!;
        const other = fuseEyes(mirrored(right), mirrored(left))!;
        expect(other.yaw).toBeCloseTo(-gaze.yaw);
        expect(other.pitch).toBeCloseTo(gaze.pitch);
        expect(other.confidence).toBeCloseTo(gaze.confidence);
      }),
    );
  });

  test('the gaze is unknown if both eyes are unknown', () => {
    fc.assert(
      fc.property(anyEye, anyEye, (left, right) => {
        if (Math.max(left.confidence, right.confidence) < 0.6)
          expect(fuseEyes(left, right)!.confidence).toBeLessThan(0.6);
      }),
    );
  });

  test('every output is finite for any network output', () => {
    fc.assert(
      fc.property(
        fc.record({ yaw: fc.double(), pitch: fc.double(), confidence: fc.double() }),
        anyEye,
        (wild, other) => {
          const gaze = fuseEyes(wild, other)!;
          expect([gaze.yaw, gaze.pitch, gaze.confidence].every(Number.isFinite)).toBe(true);
          expect(Math.abs(gaze.yaw)).toBeLessThanOrEqual(60);
        },
      ),
    );
  });
});
