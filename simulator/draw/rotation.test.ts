import { describe, expect, it } from 'vitest';
import { rotation } from './rotation.ts';

const degrees = (radians: number): number => (radians * 180) / Math.PI;

describe('rotation', () => {
  it('turns the forward axis to image right for yaw > 0 and up for pitch > 0, whatever the roll', () => {
    for (const angles of [
      { yaw: 40, pitch: 0, roll: 0 },
      { yaw: -30, pitch: 20, roll: 15 },
      { yaw: 5, pitch: -35, roll: -10 },
    ]) {
      const r = rotation(angles);
      expect(degrees(Math.atan2(r[2], r[8]))).toBeCloseTo(angles.yaw, 6);
      expect(degrees(Math.asin(r[5]))).toBeCloseTo(angles.pitch, 6);
    }
  });

  it('tips the head clockwise as seen for roll > 0', () => {
    const r = rotation({ yaw: 0, pitch: 0, roll: 30 });
    // The crown (0, 1, 0) moves to image right.
    expect(r[1]).toBeCloseTo(0.5, 6);
    expect(r[4]).toBeGreaterThan(0);
  });

  it('keeps lengths and angles', () => {
    const r = rotation({ yaw: 33, pitch: -21, roll: 12 });
    expect(r[0] * r[1] + r[3] * r[4] + r[6] * r[7]).toBeCloseTo(0, 12);
    expect(Math.hypot(r[0], r[3], r[6])).toBeCloseTo(1, 12);
  });
});
