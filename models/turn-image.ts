import type { Orientation } from './exif-orientation.ts';
import type { RgbImage } from './image.ts';

/** Side of the squares that are copied at a time: reading and writing both stay within the cache. */
const SQUARE = 64;

/**
 * Pixel index of the source for the first pixel of the turned image, and its change for one step to the right and one
 * down. Exif names the sides on which the first row and the first column of the source are to be seen.
 */
function walk({ width: w, height: h }: RgbImage, orientation: Orientation): readonly [number, number, number] {
  const [right, bottom] = [w - 1, (h - 1) * w];
  switch (orientation) {
    case 1:
      return [0, 1, w];
    case 2:
      return [right, -1, w];
    case 3:
      return [bottom + right, -1, -w];
    case 4:
      return [bottom, 1, -w];
    case 5:
      return [0, w, 1];
    case 6:
      return [bottom, -w, 1];
    case 7:
      return [bottom + right, -w, -1];
    case 8:
      return [right, w, -1];
  }
}

/**
 * Turns and mirrors an image as its Exif orientation says, so that a face is upright where its viewer sees it upright.
 * @param out at least width * height * 3 bytes, other memory than the image's
 */
export function turnImage(image: RgbImage, orientation: Orientation, out: Uint8Array): RgbImage {
  const swapped = orientation >= 5;
  const [width, height] = swapped ? [image.height, image.width] : [image.width, image.height];
  const [first, right, down] = walk(image, orientation);
  const from = image.data;
  for (let top = 0; top < height; top += SQUARE) {
    const bottom = Math.min(top + SQUARE, height);
    for (let left = 0; left < width; left += SQUARE) {
      const end = Math.min(left + SQUARE, width);
      for (let y = top; y < bottom; y++) {
        let to = (y * width + left) * 3;
        let at = (first + y * down + left * right) * 3;
        for (let x = left; x < end; x++, to += 3, at += right * 3) {
          out[to] = from[at]!;
          out[to + 1] = from[at + 1]!;
          out[to + 2] = from[at + 2]!;
        }
      }
    }
  }
  return { width, height, data: out.subarray(0, width * height * 3) };
}
