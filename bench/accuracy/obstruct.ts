import type { RgbImage } from '../../models/image.ts';
import type { Point } from '../../models/jobs.ts';
import { paintStroke, paintSunglasses } from './paint.ts';
import { resampled } from './pixels.ts';

/** Minimum luma difference, 0..255, that noise and JPEG compression do not cause. */
const CHANGED = 30;
/** Scale factor down and up again for blurring: an eye of 25 pixels keeps three. */
const BLUR = 8;
const FINGERS = 4;

/**
 * Eye at image left and eye at image right: the centres of the difference between the same picture with open and with
 * shut eyes.
 * @throws Error if there is no difference
 */
export function eyesBetween(open: RgbImage, shut: RgbImage): readonly [Point, Point] {
  const changed: Point[] = [];
  for (let pixel = 0; pixel < open.width * open.height; pixel++) {
    const difference = Math.abs(open.data[pixel * 3 + 1]! - shut.data[pixel * 3 + 1]!);
    if (difference > CHANGED) changed.push([pixel % open.width, Math.floor(pixel / open.width)]);
  }
  const [middle] = centre(changed);
  return [centre(changed.filter(([x]) => x < middle)), centre(changed.filter(([x]) => x >= middle))];
}

function centre(points: readonly Point[]): Point {
  if (points.length === 0) throw new Error('open and shut eyes do not differ');
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** Modifies the image in place. @param tone of the lenses, 0..255 */
export function coverWithSunglasses(image: RgbImage, eyes: readonly [Point, Point], tone: number): void {
  paintSunglasses(image, eyes, { height: apartOf(eyes) * 0.34, tone, opacity: 0.95 });
}

/**
 * Draws four fingers across both eyes, in the colour of the cheek, in place. @param side -1: the hand comes from image
 * left
 */
export function coverWithHand(image: RgbImage, eyes: readonly [Point, Point], side: 1 | -1): void {
  const apart = apartOf(eyes);
  const [[ax, ay], [bx, by]] = eyes;
  const along: Point = [(bx - ax) / apart, (by - ay) / apart];
  const across: Point = [-along[1], along[0]];
  const at = (u: number, v: number): Point => [
    (ax + bx) / 2 + (along[0] * u + across[0] * v) * apart,
    (ay + by) / 2 + (along[1] * u + across[1] * v) * apart,
  ];
  const [cheekX, cheekY] = at(0.35 * side, 0.55);
  const patch = apart * 0.16;
  const skin = resampled(image, [cheekX - patch / 2, cheekY - patch / 2, patch, patch], 1, 1).data;
  const tone = (factor: number) => [skin[0]! * factor, skin[1]! * factor, skin[2]! * factor] as const;
  for (let finger = 0; finger < FINGERS; finger++) {
    const v = (finger - (FINGERS - 1) / 2) * 0.27;
    const tip = -0.85 + 0.12 * Math.abs(finger - 1);
    const [from, to] = [at(tip * side, v), at(1.9 * side, v + 0.1)];
    paintStroke(image, from, to, apart * 0.16, tone(0.62));
    paintStroke(image, from, to, apart * 0.125, tone(0.95));
  }
}

/** Simulates an out-of-focus picture. */
export function blur({ width, height, ...image }: RgbImage): RgbImage {
  const small = resampled(
    { width, height, ...image },
    [0, 0, width, height],
    Math.ceil(width / BLUR),
    Math.ceil(height / BLUR),
  );
  return resampled(small, [0, 0, small.width, small.height], width, height);
}

const apartOf = ([a, b]: readonly [Point, Point]): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
