/**
 * What both ends hold a picture to: the main process before it hands one over, the decoder before it decodes. No
 * imports.
 */

export interface SideLimits {
  /** Pixels, both sides. */
  readonly min: number;
  readonly max: number;
}

/** What an exam client may send. */
export const FRAME_SIDES: SideLimits = { min: 64, max: 1920 };

/**
 * Scans of a progressive file. Each makes the decoder walk every block of the picture, so that a small file with
 * thousands of them would hold a worker for seconds. libjpeg's own script has 10; the longest that mozjpeg's search can
 * come to has 16; a canvas writes none.
 */
export const MAX_SCANS = 16;
