/** Between the page and the capture worker. Whatever can be transferred is. */

/** How often the worker says that time has passed, ms; the client keeps the server's rate. */
export const TICK_MS = 50;

export type ToWorker =
  /** Pictures of a camera, made on the page. */
  | { readonly type: 'frames'; readonly frames: ReadableStream<VideoFrame> }
  /** A camera's track, for browsers that make pictures in workers only. */
  | { readonly type: 'track'; readonly track: MediaStreamTrack }
  /** No camera any more. */
  | { readonly type: 'drop' }
  /** Encode the camera's next picture. */
  | { readonly type: 'take'; readonly maxWidth: number; readonly quality: number }
  /** Encode this one. */
  | {
      readonly type: 'encode';
      readonly bitmap: ImageBitmap;
      readonly maxWidth: number;
      readonly quality: number;
      readonly capturedAt: number;
    };

export type FromWorker =
  /** It runs, and this is what it can do: encode, and take pictures from a track. */
  | { readonly type: 'ready'; readonly encodes: boolean; readonly takesTracks: boolean }
  | { readonly type: 'tick' }
  /** `capturedAt` in ms since 1970. */
  | { readonly type: 'jpeg'; readonly jpeg: ArrayBuffer; readonly capturedAt: number }
  /** The camera has given no picture for `SILENT_MS`, or its stream has ended. */
  | { readonly type: 'silent' }
  | { readonly type: 'failed'; readonly reason: string };

/** A camera that gives nothing for this long is dead, ms. */
export const SILENT_MS = 5_000;
