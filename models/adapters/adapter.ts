import type { RgbImage } from '../image.ts';
import type { Face, Gaze, Point, Pose } from '../jobs.ts';

/** Finds faces. Not for concurrent use: it owns its buffers. */
export interface FaceDetector {
  /** Best score first, in pixels of the image. */
  detect(image: RgbImage): Promise<readonly Face[]>;
}

export interface HeadAndEyes {
  /** null when it could not be measured. */
  readonly pose: Pose | null;
  /** null when it could not be measured, or when the network has no usable answer. */
  readonly gaze: Gaze | null;
  /** How much of the face's features is seen, 0..1; null when the network does not say. */
  readonly visibility: number | null;
  /** How far the eyes are open, 0..1, the eye at image left first; null as for gaze. */
  readonly open: readonly [left: number, right: number] | null;
}

export interface Measured extends HeadAndEyes {
  /**
   * Centres of the eyes as fractions of the square about the face (`squareAbout`), the eye at image left first; null
   * when the network does not say.
   */
  readonly eyes: readonly [Point, Point] | null;
}

export const NOT_MEASURED: Measured = { pose: null, gaze: null, visibility: null, open: null, eyes: null };

/** Measures where one face points. Not for concurrent use: it owns its buffers. */
export interface PoseEstimator {
  estimate(image: RgbImage, face: Face): Promise<Measured>;
}

/** Contents of the files that an adapter's manifest entries name, by file name; their digests were checked. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** @throws Error naming a file that the adapter needs and the manifest does not give it */
export function modelFile(files: ModelFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`the adapter needs ${name}, which the manifest does not list for it`);
  return bytes;
}
