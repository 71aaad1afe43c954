import type { Pose } from './jobs.ts';
import type { Rotation } from './rigid-fit.ts';

const DEGREES = 180 / Math.PI;

/**
 * Head angles from the rotation of a face looking into the camera to the observed one, axes x right in the image, y up,
 * z towards the camera. yaw and pitch are those of the face's forward axis (the third column), roll is the clockwise
 * tilt of its x axis.
 */
export function headAngles(r: Rotation): Pose {
  const [x, y, z] = [r[2], r[5], r[8]];
  return {
    yaw: Math.atan2(x, z) * DEGREES,
    pitch: Math.asin(Math.min(1, Math.max(-1, y))) * DEGREES,
    roll: Math.atan2(-r[3], r[0]) * DEGREES,
  };
}
