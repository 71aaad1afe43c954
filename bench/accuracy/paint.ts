import type { RgbImage } from '../../models/image.ts';
import type { Point } from '../../models/jobs.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Half axes, pixels, and their clockwise rotation, radians. */
interface Ellipse {
  readonly centre: Point;
  readonly rx: number;
  readonly ry: number;
  readonly lean: number;
}

/** Fills an ellipse in place, with an edge one pixel soft. */
function paintEllipse(image: RgbImage, { centre: [cx, cy], rx, ry, lean }: Ellipse, colour: Rgb, opacity = 1): void {
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
  paint(
    image,
    cx,
    cy,
    Math.max(rx, ry) + 1,
    colour,
    opacity,
    (dx, dy) => (1 - Math.hypot((dx * cos + dy * sin) / rx, (dy * cos - dx * sin) / ry)) * Math.min(rx, ry),
  );
}

/** Fills a line with round ends in place. */
export function paintStroke(image: RgbImage, [ax, ay]: Point, [bx, by]: Point, radius: number, colour: Rgb): void {
  const [cx, cy, lx, ly] = [(ax + bx) / 2, (ay + by) / 2, bx - ax, by - ay];
  const square = lx * lx + ly * ly || 1;
  paint(image, cx, cy, Math.sqrt(square) / 2 + radius + 1, colour, 1, (dx, dy) => {
    const along = Math.max(-0.5, Math.min(0.5, (dx * lx + dy * ly) / square));
    return radius - Math.hypot(dx - along * lx, dy - along * ly);
  });
}

/** @param depth signed distance of a pixel to the edge of the shape, positive inside */
function paint(
  image: RgbImage,
  cx: number,
  cy: number,
  reach: number,
  colour: Rgb,
  opacity: number,
  depth: (dx: number, dy: number) => number,
): void {
  const { width, height, data } = image;
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(height, cy + reach); y++) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(width, cx + reach); x++) {
      const cover = Math.max(0, Math.min(1, depth(x + 0.5 - cx, y + 0.5 - cy) + 0.5)) * opacity;
      if (cover === 0) continue;
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[at + channel] = data[at + channel]! * (1 - cover) + colour[channel]! * cover;
    }
  }
}

export interface Lenses {
  /** Half height of a lens, pixels. */
  readonly height: number;
  /** 0..255 */
  readonly tone: number;
  /** 0..1 */
  readonly opacity: number;
}

/** Draws dark glasses over two eyes, in place; the bridge is as dark as the lenses. */
export function paintSunglasses(
  image: RgbImage,
  [left, right]: readonly [Point, Point],
  { height, tone, opacity }: Lenses,
): void {
  const apart = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const lean = Math.atan2(right[1] - left[1], right[0] - left[0]);
  // In profile the eyes are close together and the lenses narrow.
  const rx = Math.max(0.42 * apart, 0.5 * height);
  const colour = [tone, tone, tone] as const;
  for (const centre of [left, right]) paintEllipse(image, { centre, rx, ry: height, lean }, colour, opacity);
  paintStroke(image, left, right, height * 0.2, colour);
}
