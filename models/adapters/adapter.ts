import type { RgbImage } from '../image.ts';
import type { Face, Gaze, Point, Pose } from '../jobs.ts';

/** Face detector. Not for concurrent use: it owns its buffers. */
export interface FaceDetector {
  /** Best score first, in pixels of the image. */
  detect(image: RgbImage): Promise<readonly Face[]>;
}

export interface HeadAndEyes {
  /** Null if it could not be measured. */
  readonly pose: Pose | null;
  /** Null if it could not be measured or the network has no usable output. */
  readonly gaze: Gaze | null;
  /** Visible share of the facial features, 0..1; null if the network does not provide it. */
  readonly visibility: number | null;
  /** Fine contrast of the face, 0..1 (`sharpnessOf`); null if the face is too small for its eyes, or not measured. */
  readonly sharpness: number | null;
  /** Openness of the eyes, 0..1, the eye at image left first; null as for gaze. */
  readonly open: readonly [left: number, right: number] | null;
}

export interface Measured extends HeadAndEyes {
  /**
   * Centres of the eyes as fractions of the square around the face (`squareAbout`), the eye at image left first; null
   * if the network does not provide them.
   */
  readonly eyes: readonly [Point, Point] | null;
}

export const NOT_MEASURED: Measured = {
  pose: null,
  gaze: null,
  visibility: null,
  sharpness: null,
  open: null,
  eyes: null,
};

/** Pose and gaze estimator of one face. Not for concurrent use: it owns its buffers. */
export interface PoseEstimator {
  /** @param withEyes false: gaze and openness are null, and no network looks at the eyes. Absent: true */
  estimate(image: RgbImage, face: Face, withEyes?: boolean): Promise<Measured>;
}

/** Contents of an adapter's files from the manifest, by file name; their digests have been verified. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** @throws Error with the name of a file that the adapter needs and the manifest does not list for it */
export function modelFile(files: ModelFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`the manifest lists no file ${name} for this adapter`);
  return bytes;
}
