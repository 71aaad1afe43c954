import type { Throttle } from '../../protocol/down.ts';

/** Rate, size and quality of the pictures that are sent. */
export interface PictureSettings {
  /** Frames per second. */
  readonly fps: number;
  /** Pixels. */
  readonly maxWidth: number;
  /** JPEG quality, 0..1. */
  readonly quality: number;
}

/** Where the scale ends: a frame every two seconds in which a face can still be found. */
const LEAST: PictureSettings = { fps: 0.5, maxWidth: 240, quality: 0.3 };

/** Settings of the server, scaled to the uplink; never above them. */
export function scaled({ fps, maxWidth, quality }: PictureSettings | Throttle, scale: number): PictureSettings {
  const least = (value: number, floor: number) => Math.min(value, Math.max(floor, value * scale));
  return {
    fps: least(fps, LEAST.fps),
    maxWidth: Math.round(least(maxWidth, LEAST.maxWidth)),
    quality: least(quality, LEAST.quality),
  };
}
