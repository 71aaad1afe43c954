import { expect, test } from 'vitest';
import { headAngles } from './head-angles.ts';
import { fitRotation, type Rotation } from './rigid-fit.ts';

/** An irregular cloud with depth. */
const CLOUD = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * 12.9898) * 5 + (i % 3));
const RADIANS = Math.PI / 180;

function multiply(a: Rotation, b: Rotation): Rotation {
  const cell = (row: number, column: number): number =>
    [0, 1, 2].reduce((sum, k) => sum + a[row * 3 + k]! * b[k * 3 + column]!, 0);
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)];
}

/**
 * Turned to image right by yaw, then up by pitch before it, then clockwise by roll before both; y up, z to the camera.
 */
function headRotation(yaw: number, pitch: number, roll: number): Rotation {
  const [cy, sy] = [Math.cos(yaw * RADIANS), Math.sin(yaw * RADIANS)];
  const [cp, sp] = [Math.cos(pitch * RADIANS), Math.sin(pitch * RADIANS)];
  const [cr, sr] = [Math.cos(roll * RADIANS), Math.sin(roll * RADIANS)];
  const aboutY: Rotation = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const aboutX: Rotation = [1, 0, 0, 0, cp, sp, 0, -sp, cp];
  const aboutZ: Rotation = [cr, sr, 0, -sr, cr, 0, 0, 0, 1];
  return multiply(multiply(aboutY, aboutX), aboutZ);
}

function moved(
  cloud: Float64Array,
  r: Rotation,
  scale: number,
  shift: readonly [number, number, number],
): Float64Array {
  return cloud.map((_, i) => {
    const at = i - (i % 3);
    const row = (i % 3) * 3;
    return scale * (r[row]! * cloud[at]! + r[row + 1]! * cloud[at + 1]! + r[row + 2]! * cloud[at + 2]!) + shift[i % 3]!;
  });
}

test.each([
  [0, 0, 0],
  [30, 0, 0],
  [-47, -8, 3],
  [0, 35, 0],
  [10, -40, -20],
  [85, 5, 0],
  [-120, 10, 30],
  [179, 0, 0],
])('finds the rotation of yaw %d, pitch %d, roll %d whatever the scale and shift', (yaw, pitch, roll) => {
  const rotation = headRotation(yaw, pitch, roll);
  const fit = fitRotation(CLOUD, moved(CLOUD, rotation, 17.5, [320, -240, 8]));
  fit.forEach((value, i) => expect(value).toBeCloseTo(rotation[i]!, 9));
});

test('yaw and pitch are those of the forward axis: right and up are positive', () => {
  const angles = headAngles(headRotation(-30, 12, 0));
  expect(angles.yaw).toBeCloseTo(-30, 9);
  expect(angles.pitch).toBeCloseTo(12, 9);
});

test('a clockwise tilt is positive roll', () => {
  expect(headAngles(headRotation(0, 0, 15)).roll).toBeCloseTo(15, 9);
});

test('noise changes the fitted pose only slightly', () => {
  const rotation = headRotation(25, -10, 5);
  const noisy = moved(CLOUD, rotation, 1, [0, 0, 0]).map((value, i) => value + Math.sin(i * 78.233) * 0.05);
  expect(Math.abs(headAngles(fitRotation(CLOUD, noisy)).yaw - 25)).toBeLessThan(1);
});
