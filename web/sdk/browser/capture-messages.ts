/** Messages between the page and the capture worker. Transferable objects are transferred. */

/** Interval of the worker's ticks, ms; the client limits the rate. */
export const TICK_MS = 50;

export type ToWorker =
  /** Frames of a camera, read on the page. */
  | { readonly type: 'frames'; readonly frames: ReadableStream<VideoFrame>; readonly reading: number }
  /** Track of a camera, for browsers that read frames in workers only. */
  | { readonly type: 'track'; readonly track: MediaStreamTrack; readonly reading: number }
  /** No camera any more. */
  | { readonly type: 'drop' }
  /** Encode the next frame of the camera. */
  | { readonly type: 'take'; readonly maxWidth: number; readonly quality: number }
  /** Encode this picture. */
  | {
      readonly type: 'encode';
      readonly bitmap: ImageBitmap;
      readonly maxWidth: number;
      readonly quality: number;
      readonly capturedAt: number;
    };

export type FromWorker =
  /** The worker runs. Abilities: encoding, reading frames from a track. */
  | { readonly type: 'ready'; readonly encodes: boolean; readonly takesTracks: boolean }
  | { readonly type: 'tick' }
  /** `capturedAt` in ms since 1970. */
  | { readonly type: 'jpeg'; readonly jpeg: ArrayBuffer; readonly capturedAt: number }
  /**
   * The camera has delivered no frame for `SILENT_MS`, or its stream has ended. `reading`: number of the stream; missing in
   * older copies of the worker.
   */
  | { readonly type: 'silent'; readonly reading?: number }
  | { readonly type: 'failed'; readonly reason: string };

/** A camera without frames for this long is dead, ms. */
export const SILENT_MS = 5_000;
