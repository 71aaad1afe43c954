/**
 * Limits of an image, applied at both ends: by the main process before it sends one, by the decoder before it decodes.
 * No imports.
 */

export interface SideLimits {
  /** Bounds of both sides, pixels. */
  readonly min: number;
  readonly max: number;
}

/** Limits of an exam client. */
export const FRAME_SIDES: SideLimits = { min: 64, max: 1920 };

/**
 * Maximum scans of a progressive file. Each makes the decoder walk every block of the image, so a small file with
 * thousands of them would block a worker for seconds. libjpeg's own script has 10; the longest possible from mozjpeg's
 * search has 16; a canvas writes none.
 */
export const MAX_SCANS = 16;
