import type { RgbImage } from './image.ts';
import type { Box } from './jobs.ts';

/** Points sampled for mean and deviation: enough for both to be within about 2 of those of the whole frame. */
const COLUMNS = 64;
const ROWS = 48;
const PRINT_COLUMNS = 16;
const PRINT_ROWS = 12;
/** Lattice points per cell of the scene in each direction: there are as many cells as points in the print. */
const CELL = COLUMNS / PRINT_COLUMNS;
export const SCENE_CELLS = PRINT_COLUMNS * PRINT_ROWS;

export interface Luma {
  readonly mean: number;
  readonly deviation: number;
}

/** Image statistics of a frame that need no recognition. */
export interface Light {
  readonly luma: Luma;
  /**
   * Mean luma of 16 x 12 cells, row-major: changes little with noise and small movements, much when a person enters.
   */
  readonly scene: Uint8Array;
}

/** Luma (0..255) on an even lattice of pixels. */
export function measureLight(image: RgbImage): Light {
  let sum = 0;
  let squares = 0;
  const cells = new Float64Array(SCENE_CELLS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const luma = lumaAt(image, (column + 0.5) / COLUMNS, (row + 0.5) / ROWS);
      sum += luma;
      squares += luma * luma;
      cells[Math.floor(row / CELL) * PRINT_COLUMNS + Math.floor(column / CELL)]! += luma;
    }
  }
  const points = COLUMNS * ROWS;
  const mean = sum / points;
  return {
    luma: { mean, deviation: Math.sqrt(Math.max(0, squares / points - mean * mean)) },
    scene: Uint8Array.from(cells, (cell) => cell / (CELL * CELL) + 0.5),
  };
}

/** Points sampled of a face, each way. */
const FACE_POINTS = 16;
/** The part of a face's box that is skin, eyes and mouth: without hair, collar and background. */
const FACE_PART = { left: 0.2, top: 0.2, width: 0.6, height: 0.65 } as const;

/** Luma of a face, as far as it lies in the image; null if none of it does. */
export function measureFaceLight(image: RgbImage, [left, top, width, height]: Box): Luma | null {
  let points = 0;
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < FACE_POINTS; row++) {
    const y = (top + height * (FACE_PART.top + (FACE_PART.height * (row + 0.5)) / FACE_POINTS)) / image.height;
    if (!(y >= 0 && y < 1)) continue;
    for (let column = 0; column < FACE_POINTS; column++) {
      const x = (left + width * (FACE_PART.left + (FACE_PART.width * (column + 0.5)) / FACE_POINTS)) / image.width;
      if (!(x >= 0 && x < 1)) continue;
      const luma = lumaAt(image, x, y);
      points += 1;
      sum += luma;
      squares += luma * luma;
    }
  }
  if (points === 0) return null;
  const mean = sum / points;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / points - mean * mean)) };
}

/**
 * Luma of single pixels, row-major 16 x 12. Single pixels rather than means: sensor noise then distinguishes two frames
 * of a still scene, and only a repeated frame has an equal print.
 */
export function framePrint(image: RgbImage): Uint8Array {
  const print = new Uint8Array(PRINT_COLUMNS * PRINT_ROWS);
  for (let row = 0, i = 0; row < PRINT_ROWS; row++) {
    for (let column = 0; column < PRINT_COLUMNS; column++, i++) {
      print[i] = lumaAt(image, (column + 0.5) / PRINT_COLUMNS, (row + 0.5) / PRINT_ROWS);
    }
  }
  return print;
}

/** Rec. 601 luma, as in JPEG, of the pixel at a relative position (0..1). */
function lumaAt({ data, width, height }: RgbImage, x: number, y: number): number {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}
