import type { HairStyle } from './look.ts';
import { smoothstep, through } from './scalar.ts';

/** Height of the hair's edge (centimetres) by the angle from the front (degrees), for cropped heads. */
const CROPPED = [
  [0, 6.9],
  [28, 6.6],
  [48, 5.2],
  [62, 3.4],
  [74, 0.6],
  [82, -1.6],
  [88, 1.9],
  [108, 1.6],
  [122, -4.5],
  [180, -7],
] as const;
/** Hair that covers the temples and the upper half of the ears. */
const FULL = [
  [0, 6.4],
  [25, 6.0],
  [45, 4.2],
  [60, 1.8],
  [72, -1.5],
  [84, -3.5],
  [100, -4],
  [125, -6.5],
  [180, -8],
] as const;

/** Height of the hairline above the eyes, centimetres. `angle`: degrees from the front. */
export function hairlineHeight(style: HairStyle, angle: number): number {
  return through(style === 'long' || style === 'curly' ? FULL : CROPPED, angle);
}

/** 0 on bare skin, 1 under hair. */
export function hairCover(style: HairStyle, x: number, y: number, z: number): number {
  return smoothstep(-0.2, 0.9, y - hairlineHeight(style, angleFromFront(x, z)));
}

/** Angle around the head's axis, degrees, 0 = front. */
export function angleFromFront(x: number, z: number): number {
  return (Math.abs(Math.atan2(x, z)) * 180) / Math.PI;
}
