import type { RgbImage } from './image.ts';

/** Points that mean and deviation are taken over: enough for both to be within about 2 of the whole frame's. */
const COLUMNS = 64;
const ROWS = 48;
const PRINT_COLUMNS = 16;
const PRINT_ROWS = 12;
export const PRINT_POINTS = PRINT_COLUMNS * PRINT_ROWS;

export interface Luma {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation of luma (0..255) over an even lattice of pixels. */
export function measureLuma(image: RgbImage): Luma {
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const luma = lumaAt(image, (column + 0.5) / COLUMNS, (row + 0.5) / ROWS);
      sum += luma;
      squares += luma * luma;
    }
  }
  const points = COLUMNS * ROWS;
  const mean = sum / points;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / points - mean * mean)) };
}

/**
 * Luma of single pixels, row-major 16 x 12. Single pixels rather than means: sensor noise then tells two frames of a still scene
 * apart, and only a frame that is repeated gives an equal print.
 */
export function framePrint(image: RgbImage): Uint8Array {
  const print = new Uint8Array(PRINT_POINTS);
  for (let row = 0, i = 0; row < PRINT_ROWS; row++) {
    for (let column = 0; column < PRINT_COLUMNS; column++, i++) {
      print[i] = lumaAt(image, (column + 0.5) / PRINT_COLUMNS, (row + 0.5) / PRINT_ROWS);
    }
  }
  return print;
}

/** Rec. 601 luma, the one that JPEG itself uses, of the pixel at a relative place (0..1). */
function lumaAt({ data, width, height }: RgbImage, x: number, y: number): number {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}
