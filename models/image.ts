/** Decoded image: 8-bit RGB, row-major, no padding. `data` is reused by the next decode of the same decoder. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** At least width * height * 3 bytes. */
  readonly data: Uint8Array;
}

/** Rectangle of an image, in its pixels. */
export type Rectangle = readonly [left: number, top: number, width: number, height: number];
