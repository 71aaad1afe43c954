import type { RgbImage } from './image.ts';
import type { Point } from './jobs.ts';
import type { TurnedSquare } from './levelled-crop.ts';

/** Side of an eye's square as a multiple of the distance between the eyes of a face seen from the front. */
const SIDE = 0.62;
/**
 * A turned face shows its eyes nearer to each other than they are, by its cosine; beyond this the estimate grows wild.
 */
const MIN_COSINE = 0.6;

/**
 * The squares about both eyes, turned so that the line through them is level: at image left, at image right. Null when
 * there are no eyes to look at: their centres are no numbers, changed over, or not both in the picture.
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
