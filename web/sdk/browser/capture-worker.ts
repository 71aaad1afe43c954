import { type FromWorker, TICK_MS, type ToWorker } from './capture-messages.ts';
import { fit } from './picture-size.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { TrackProcessorConstructor } from './track-processor.ts';

/**
 * Runs in a worker: encodes JPEGs off the main thread, and is the clock, because browsers throttle timers of hidden pages
 * to one a minute. Closes every VideoFrame at once, since cameras have few buffers.
 */
interface Scope {
  MediaStreamTrackProcessor?: TrackProcessorConstructor;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = globalThis as unknown as Scope;

let reader: ReadableStreamDefaultReader<VideoFrame> | undefined;
let track: MediaStreamTrack | undefined;
let reading = 0;
let wanted: { maxWidth: number; quality: number } | undefined;
const silence = new SilenceWatch();
let canvas: OffscreenCanvas | undefined;

function drop(): void {
  void reader?.cancel().catch(() => {});
  track?.stop();
  reader = track = wanted = undefined;
}

/** Reads every frame of the camera, so that the encoded one is the newest. */
async function follow(frames: ReadableStream<VideoFrame>): Promise<void> {
  const mine = frames.getReader();
  reader = mine;
  silence.heard();
  for (;;) {
    const { value: frame } = await mine.read();
    if (!frame) break;
    silence.heard();
    if (reader === mine && wanted) {
      const { maxWidth, quality } = wanted;
      wanted = undefined;
      encode(frame, frame.displayWidth, frame.displayHeight, maxWidth, quality, Date.now());
    }
    frame.close();
  }
  if (reader !== mine) return;
  drop();
  scope.postMessage({ type: 'silent', reading });
}

/** Draws synchronously, so that the frame can be closed; encoding is asynchronous. */
function encode(
  picture: CanvasImageSource,
  width: number,
  height: number,
  maxWidth: number,
  quality: number,
  capturedAt: number,
): void {
  const size = fit(width, height, maxWidth);
  canvas ??= new OffscreenCanvas(size.width, size.height);
  // Setting the size clears the canvas, even if unchanged.
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return scope.postMessage({ type: 'failed', reason: 'no 2d context' });
  context.drawImage(picture, 0, 0, size.width, size.height);
  canvas
    .convertToBlob({ type: 'image/jpeg', quality })
    .then((blob) => blob.arrayBuffer())
    .then((jpeg) => scope.postMessage({ type: 'jpeg', jpeg, capturedAt }, [jpeg]))
    .catch(failed);
}

const failed = (error: unknown): void => scope.postMessage({ type: 'failed', reason: String(error) });

function take(message: ToWorker): void {
  switch (message.type) {
    case 'frames':
      drop();
      ({ reading } = message);
      follow(message.frames).catch(failed);
      return;
    case 'track':
      drop();
      ({ track, reading } = message);
      follow(new scope.MediaStreamTrackProcessor!({ track, maxBufferSize: 1 }).readable).catch(failed);
      return;
    case 'drop':
      return drop();
    case 'take':
      wanted = message;
      return;
    case 'encode':
      encode(
        message.bitmap,
        message.bitmap.width,
        message.bitmap.height,
        message.maxWidth,
        message.quality,
        message.capturedAt,
      );
      message.bitmap.close();
  }
}

scope.onmessage = ({ data }) => {
  try {
    take(data);
  } catch (error) {
    failed(error);
  }
};

setInterval(() => {
  scope.postMessage({ type: 'tick' });
  if (!reader) silence.heard();
  if (silence.silent(performance.now())) scope.postMessage({ type: 'silent', reading });
}, TICK_MS);

function encodes(): boolean {
  try {
    return (
      typeof new OffscreenCanvas(1, 1).convertToBlob === 'function' &&
      new OffscreenCanvas(1, 1).getContext('2d') !== null
    );
  } catch {
    return false;
  }
}
scope.postMessage({ type: 'ready', encodes: encodes(), takesTracks: scope.MediaStreamTrackProcessor !== undefined });
