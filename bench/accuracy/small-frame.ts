import type { RgbImage } from '../../models/image.ts';
import type { Box, Point } from '../../models/jobs.ts';
import type { LabelledFace } from './pack.ts';
import { paintSunglasses } from './paint.ts';
import { resampled, turnGrey } from './pixels.ts';

/** Pixels: the size of the CMU face images (T. Mitchell, Machine Learning, 1997) and of the heads in them. */
export const WIDTH = 128;
export const HEIGHT = 120;
export const FACE_HEIGHT = 55;
/** Width of the transition from a picture's edge to the background, pixels. */
const FADE = 3;
/** Columns and rows of the colour grid of the background. */
const COARSE = 5;

export interface Sunglasses {
  /** Half height of a lens, as a share of the face's height. */
  readonly height: number;
  /** 0..255 */
  readonly tone: number;
  /** 0..1 */
  readonly opacity: number;
}

export interface SmallFrame {
  readonly image: RgbImage;
  readonly box: Box;
}

/**
 * A face in the centre of a small grey picture, with as much of its surroundings as available. The background continues
 * them out of focus: tight portraits have none, and a detector would respond to an edge or stripes there.
 */
export function smallFrame(
  image: RgbImage,
  { box, kps5 }: LabelledFace,
  sunglasses: Sunglasses | undefined,
): SmallFrame {
  const [x, y, w, h] = box;
  const scale = FACE_HEIGHT / h;
  const left = x + w / 2 - WIDTH / 2 / scale;
  const top = y + h / 2 - HEIGHT / 2 / scale;
  const small = resampled(image, [left, top, WIDTH / scale, HEIGHT / scale], WIDTH, HEIGHT);
  fadeOut(small, [-left * scale, -top * scale, image.width * scale, image.height * scale]);
  turnGrey(small);
  const place = ([px, py]: Point): Point => [(px - left) * scale, (py - top) * scale];
  if (sunglasses)
    paintSunglasses(small, [place(kps5[0]), place(kps5[1])], {
      ...sunglasses,
      height: sunglasses.height * FACE_HEIGHT,
    });
  return { image: small, box: [(x - left) * scale, (y - top) * scale, w * scale, h * scale] };
}

/** Replaces everything outside a rectangle, where edges are repeated, by its own blurred tones. */
function fadeOut({ width, height, data }: RgbImage, [left, top, w, h]: Box): void {
  const coarse = resampled({ width, height, data }, [0, 0, width, height], COARSE, COARSE);
  const behind = resampled(coarse, [0, 0, COARSE, COARSE], width, height).data;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const inside = Math.min(x + 0.5 - left, left + w - x - 0.5, y + 0.5 - top, top + h - y - 0.5);
      const share = Math.max(0, Math.min(1, inside / FADE));
      for (let c = at; c < at + 3; c++) data[c] = data[c]! * share + behind[c]! * (1 - share);
    }
  }
}
