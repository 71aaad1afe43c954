/**
 * Messages between the main process, the inference host and its threads. The main process imports this file for types
 * only: it never loads a decoder or a model.
 *
 * main -> host (process): ToHost. host -> main: FromHost, both over the IPC channel, for its lifecycle only. main ->
 * thread: frames. thread -> main: ThreadAnswer, over a socket pair per thread: see `frame-wire.ts`.
 */

/** Pixels of the decoded image: left, top, width, height. May extend beyond the image. */
export type Box = readonly [x: number, y: number, w: number, h: number];
export type Point = readonly [x: number, y: number];

export interface Face {
  readonly box: Box;
  /** 0..1 */
  readonly score: number;
  /** Eye at image left, eye at image right, nose tip, mouth corner left, mouth corner right. */
  readonly landmarks: readonly [Point, Point, Point, Point, Point];
}

/** Degrees. yaw > 0: turned to image right; pitch > 0: up; roll > 0: clockwise as seen. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** Degrees relative to the head, same signs as Pose; confidence 0..1. */
export interface Gaze {
  readonly yaw: number;
  readonly pitch: number;
  readonly confidence: number;
}

/** Result of the models for one frame. */
export interface Detection {
  readonly width: number;
  readonly height: number;
  /** Best score first. */
  readonly faces: readonly Face[];
  /** Pose of the largest face; null without a face or if it could not be measured. */
  readonly pose: Pose | null;
  readonly gaze: Gaze | null;
  /** Visible share of the largest face's features, not covered, cut off or blurred, 0..1. */
  readonly visibility: number | null;
  /** Fine contrast of the largest face as a share of the coarse one, 0..1; null if it is small or not measured. */
  readonly sharpness: number | null;
  /** Openness of its eyes, 0 closed to 1 wide open, the eye at image left first. */
  readonly open: readonly [left: number, right: number] | null;
  /** Mean and standard deviation of luma over the frame, 0..255. */
  readonly luma: { readonly mean: number; readonly deviation: number };
  /** The same of the largest face, without hair and background; null without a face. */
  readonly faceLuma: { readonly mean: number; readonly deviation: number } | null;
  /** Fingerprint: luma of single pixels on a fixed lattice, row-major 16 x 12. Equal frames have equal prints. */
  readonly print: Uint8Array;
  /** Milliseconds spent in the worker. */
  readonly ms: { readonly decode: number; readonly detect: number; readonly pose: number };
}

/** Weights to load. Paths are absolute; the host verifies digests before loading. */
export interface ModelChoice {
  /** Folders searched in order for the files of the manifest. */
  readonly folders: readonly string[];
  /** Adapter names: `own`, `yunet` or `auto`, which is `yunet` where its file is; `own` or `mesh`. */
  readonly face: string;
  readonly gaze: string;
}

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** Reason for a frame without a detection. `invalid_image`: the bytes are no valid JPEG. */
export type JobFailure = { readonly code: 'invalid_image' | 'inference_failed'; readonly message: string };

export type ToHost = {
  readonly type: 'start';
  readonly models: ModelChoice;
  /** Inherited file descriptors of the channels, one per thread. */
  readonly channels: readonly number[];
};

export type FromHost =
  | { readonly type: 'ready'; readonly models: readonly LoadedModel[] }
  /** Vision is off, with the reason: weights missing or with a wrong digest, or the runtime does not load. */
  | { readonly type: 'unavailable'; readonly reason: string };

/** Answer of a thread to the frame of a job. */
export type ThreadAnswer =
  | {
      readonly type: 'done';
      readonly job: number;
      readonly detection: Detection;
      /** True if detection was skipped: the face is that of the hint. */
      readonly followed: boolean;
      /** `encodeFaceHint` for later frames of the same camera. Set only if the detector ran. */
      readonly hint?: Uint8Array;
    }
  | { readonly type: 'failed'; readonly job: number; readonly failure: JobFailure };
