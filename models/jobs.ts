/**
 * Messages between the main process, the inference host and its threads. The main process imports this file for its
 * types only: it never loads a decoder or a model.
 *
 * main -> host (process): ToHost.  host -> main: FromHost, both over the IPC channel, about its life only. main ->
 * thread: frames.  thread -> main: ThreadAnswer, over a socket pair for each thread: see `frame-wire.ts`.
 */

/** Pixels of the decoded image: left, top, width, height. May reach outside the image. */
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

/** What the models say about one frame. */
export interface Detection {
  readonly width: number;
  readonly height: number;
  /** Best score first. */
  readonly faces: readonly Face[];
  /** Of the largest face; null without one or when it could not be measured. */
  readonly pose: Pose | null;
  readonly gaze: Gaze | null;
  /** How much of the largest face's features is seen rather than covered, cut off or blurred, 0..1. */
  readonly visibility: number | null;
  /** How far its eyes are open, 0 shut to 1 wide awake, the eye at image left first. */
  readonly open: readonly [left: number, right: number] | null;
  /** Mean and standard deviation of luma over the frame, 0..255. */
  readonly luma: { readonly mean: number; readonly deviation: number };
  /** Luma of single pixels on a fixed lattice, row-major 16 x 12: equal frames give equal prints. */
  readonly print: Uint8Array;
  /** Milliseconds spent in the worker. */
  readonly ms: { readonly decode: number; readonly detect: number; readonly pose: number };
}

/** Which weights to load. Paths are absolute; digests are checked by the host before loading. */
export interface ModelChoice {
  /** Folders searched in order for the files named in the manifest. */
  readonly folders: readonly string[];
  /** Adapter names, for example `own` or `yunet`; `own` or `mesh`. */
  readonly face: string;
  readonly gaze: string;
}

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** Why a frame has no detection. `invalid_image`: the bytes are no usable JPEG. */
export type JobFailure = { readonly code: 'invalid_image' | 'inference_failed'; readonly message: string };

export type ToHost = {
  readonly type: 'start';
  readonly models: ModelChoice;
  /** Descriptors of the channels that it has inherited, one a thread. */
  readonly channels: readonly number[];
};

export type FromHost =
  | { readonly type: 'ready'; readonly models: readonly LoadedModel[] }
  /** Weights missing or failing their digest, runtime not loading: vision is off, and why. */
  | { readonly type: 'unavailable'; readonly reason: string };

/** What a thread says about the frame of a job. */
export type ThreadAnswer =
  | {
      readonly type: 'done';
      readonly job: number;
      readonly detection: Detection;
      /** The detector did not run: the face is where the hint has it. */
      readonly followed: boolean;
      /** `encodeFaceHint`; for the next frames of the same camera. Only where the detector ran. */
      readonly hint?: Uint8Array;
    }
  | { readonly type: 'failed'; readonly job: number; readonly failure: JobFailure };
