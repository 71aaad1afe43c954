import type { RgbImage } from './image.ts';
import { Resampler } from './resample.ts';

/** Detectors halve their input five times. */
const ALIGN = 32;

/** An image fitted into a network's canvas at the top left, padded with black. */
export interface Canvas {
  /** Pixels, multiples of 32. */
  readonly width: number;
  readonly height: number;
  /** RGB, row-major. */
  readonly data: Uint8Array;
}

export interface Letterboxed {
  readonly canvas: Canvas;
  /** Canvas pixels per source pixel: divide by it to get source coordinates. */
  readonly scale: number;
}

/** Fits images into canvases of one long side. Keeps one canvas per size: at most 2 * side / 32 of them. */
export class Letterbox {
  readonly #side: number;
  readonly #resampler = new Resampler();
  readonly #canvases = new Map<string, Canvas>();

  /** @param side long side of the canvas in pixels, a multiple of 32 */
  constructor(side: number) {
    this.#side = side;
  }

  /** The short side follows the image, so a wide or tall image is not downscaled to fit a fixed aspect ratio. */
  fit(image: RgbImage): Letterboxed {
    const scale = this.#side / Math.max(image.width, image.height);
    const width = Math.max(1, Math.round(image.width * scale));
    const height = Math.max(1, Math.round(image.height * scale));
    const canvas = this.#canvas(align(width), align(height));
    // Images of similar aspect ratios share a canvas: the padding must not show an earlier one.
    blacken(canvas, width, height);
    this.#resampler.run(image, [0, 0, image.width, image.height], canvas.data, width, height, canvas.width * 3);
    return { canvas, scale };
  }

  #canvas(width: number, height: number): Canvas {
    const key = `${width}x${height}`;
    let canvas = this.#canvases.get(key);
    if (!canvas) {
      canvas = { width, height, data: new Uint8Array(width * height * 3) };
      this.#canvases.set(key, canvas);
    }
    return canvas;
  }
}

function align(pixels: number): number {
  return Math.ceil(pixels / ALIGN) * ALIGN;
}

function blacken({ data, width, height }: Canvas, usedWidth: number, usedHeight: number): void {
  if (usedWidth < width) {
    for (let y = 0; y < usedHeight; y++) data.fill(0, (y * width + usedWidth) * 3, (y + 1) * width * 3);
  }
  data.fill(0, usedHeight * width * 3, height * width * 3);
}
