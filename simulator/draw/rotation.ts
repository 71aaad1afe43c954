/** Row-major 3x3 rotation. Axes: x to image right, y up, z to the camera. */
export type Rotation = readonly [number, number, number, number, number, number, number, number, number];

/** Degrees. yaw > 0: to image right; pitch > 0: up; roll > 0: clockwise as seen. */
export interface HeadAngles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/**
 * The face's forward axis becomes (cos pitch sin yaw, sin pitch, cos pitch cos yaw) whatever the roll; yaw and pitch
 * are read back from a measured rotation this way.
 */
export function rotation({ yaw, pitch, roll }: HeadAngles): Rotation {
  const rad = Math.PI / 180;
  const [cy, sy] = [Math.cos(yaw * rad), Math.sin(yaw * rad)];
  const [cp, sp] = [Math.cos(pitch * rad), Math.sin(pitch * rad)];
  const [cr, sr] = [Math.cos(roll * rad), Math.sin(roll * rad)];
  // yaw about y, after pitch about x (forward goes up), after roll about z (clockwise as seen)
  return [
    cy * cr + sy * sp * sr,
    cy * sr - sy * sp * cr,
    sy * cp,
    -cp * sr,
    cp * cr,
    sp,
    -sy * cr + cy * sp * sr,
    -sy * sr - cy * sp * cr,
    cy * cp,
  ];
}
