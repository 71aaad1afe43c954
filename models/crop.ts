import type { RgbImage } from './image.ts';
import type { Box } from './jobs.ts';
import type { Resampler } from './resample.ts';

/** Side of the square about a face, as a multiple of the box's longer side. All pose networks here were made for it. */
const CROP_SCALE = 1.35;

/** The square around the centre of the box, in image pixels; may extend beyond the image. */
export function squareAbout(
  [x, y, w, h]: Box,
  scale: number = CROP_SCALE,
): readonly [x: number, y: number, side: number] {
  const side = Math.max(w, h) * scale;
  return [x + w / 2 - side / 2, y + h / 2 - side / 2, side];
}

/** Fills a `size` x `size` RGB crop of the square around a face. Edges of the image are repeated. */
export function cropSquare(image: RgbImage, box: Box, out: Uint8Array, size: number, resampler: Resampler): void {
  const [x, y, side] = squareAbout(box);
  resampler.run(image, [x, y, side, side], out, size, size);
}
