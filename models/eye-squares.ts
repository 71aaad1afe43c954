import type { RgbImage } from './image.ts';
import type { Point } from './jobs.ts';
import type { TurnedSquare } from './levelled-crop.ts';

/** Side of an eye's square as a multiple of the eye distance of a frontal face. */
const SIDE = 0.62;
/**
 * Limit of the correction of the eye distance, which a turned face shortens by the cosine; beyond it the estimate is
 * unstable.
 */
const MIN_COSINE = 0.6;

/**
 * Squares around both eyes, rotated so that the line through them is level: at image left, at image right. Null without
 * usable eyes: centres are NaN, swapped, or not both inside the image.
 * @param yaw of the head, degrees
 */
export function eyeSquares(
  { width, height }: RgbImage,
  [left, right]: readonly [Point, Point],
  yaw: number,
): readonly [TurnedSquare, TurnedSquare] | null {
  const dx = right[0] - left[0];
  const dy = right[1] - left[1];
  const inside = ([x, y]: Point): boolean => x >= 0 && y >= 0 && x < width && y < height;
  if (!inside(left) || !inside(right) || dx <= 0) return null;
  const side = (SIDE * Math.hypot(dx, dy)) / Math.max(MIN_COSINE, Math.cos((yaw * Math.PI) / 180));
  const lean = Math.atan2(dy, dx);
  return [
    { x: left[0], y: left[1], side, lean },
    { x: right[0], y: right[1], side, lean },
  ];
}
