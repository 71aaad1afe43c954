import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../../protocol/frame.ts';
import type { PictureSettings } from '../picture-settings.ts';
import { type FromWorker, TICK_MS } from './capture-messages.ts';
import { pageProcessor } from './track-processor.ts';
import { VideoPictures } from './video-pictures.ts';
import { startWorker, type WorkerHost } from './worker-host.ts';

/**
 * Ways from the camera to JPEG, best first:
 * - `page-processor` MediaStreamTrackProcessor on the page, frames encoded in the worker (Chromium)
 * - `worker-processor` the same inside the worker, on a copy of the track (Safari)
 * - `bitmap` a `<video>`, copied on the page and encoded in the worker (Firefox)
 * - `canvas` a `<video>`, encoded on the page, where workers are not allowed
 */
export type CapturePath = 'page-processor' | 'worker-processor' | 'bitmap' | 'canvas';

/** Part of the client needed to send frames. */
export interface FrameSink {
  readonly wantsFrame: boolean;
  readonly picture: Pick<PictureSettings, 'maxWidth' | 'quality'> | undefined;
  sendFrame(jpeg: Uint8Array, capturedAt: number): boolean;
}

export interface CaptureHandlers {
  path(path: CapturePath): void;
  /** The track is live but delivers no frames. */
  silent(): void;
  /** The clock that is not throttled while the page is hidden. */
  tick(): void;
}

const DEFAULT_WIDTH = 640;
const DEFAULT_QUALITY = 0.8;
/** Limit for encoding one picture, ms. */
const PATIENCE_MS = 5_000;

/** Captures frames of a camera at the rate, size and quality set by the client, and passes them to the client. */
export class Capture {
  readonly #sink: FrameSink;
  readonly #handlers: CaptureHandlers;
  readonly #worker: Promise<WorkerHost | undefined>;
  #host: WorkerHost | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #track: MediaStreamTrack | undefined;
  #pictures: VideoPictures | undefined;
  #path: CapturePath | undefined;
  /** Start of the encoding in progress. */
  #busySince: number | undefined;
  /** Factor of the quality, lowered when a frame was too large to send. */
  #share = 1;
  #stopped = false;
  /** Number of the stream that the worker reads: what it says about an earlier one is late. */
  #reading = 0;

  constructor(workerUrl: string, sink: FrameSink, handlers: CaptureHandlers) {
    this.#sink = sink;
    this.#handlers = handlers;
    this.#worker = startWorker(workerUrl).then((host) => this.#started(host));
  }

  /** Captures this stream from now on, or none. */
  async follow(stream: MediaStream | undefined): Promise<void> {
    const track = stream?.getVideoTracks()[0];
    this.#track = track;
    this.#drop();
    await this.#worker;
    if (track && track === this.#track && !this.#stopped) this.#use(track, this.#best());
  }

  stop(): void {
    this.#stopped = true;
    this.#track = undefined;
    this.#drop();
    clearInterval(this.#timer);
    this.#host?.stop();
  }

  #started(host: WorkerHost | undefined): undefined {
    if (this.#stopped) {
      host?.stop();
      return;
    }
    this.#host = host;
    host?.listen((message) => this.#heard(message));
    if (!host) this.#timer = setInterval(() => this.#look(), TICK_MS);
  }

  #best(): CapturePath {
    if (!this.#host?.encodes) return 'canvas';
    if (pageProcessor()) return 'page-processor';
    return this.#host.takesTracks ? 'worker-processor' : 'bitmap';
  }

  #use(track: MediaStreamTrack, path: CapturePath): void {
    this.#drop();
    try {
      this.#begin(track, path);
    } catch {
      // A browser that only seems to support it, for example one that cannot transfer tracks.
      if (path !== 'canvas') this.#use(track, path === 'bitmap' ? 'canvas' : 'bitmap');
      return;
    }
    this.#path = path;
    this.#handlers.path(path);
  }

  #begin(track: MediaStreamTrack, path: CapturePath): void {
    if (path === 'page-processor') {
      const frames = new (pageProcessor()!)({ track, maxBufferSize: 1 }).readable;
      return this.#host!.post({ type: 'frames', frames, reading: ++this.#reading }, [frames]);
    }
    if (path === 'worker-processor') {
      // A transferred track is lost to the page.
      const copy = track.clone();
      try {
        return this.#host!.post({ type: 'track', track: copy, reading: ++this.#reading }, [copy]);
      } catch (error) {
        copy.stop();
        throw error;
      }
    }
    this.#pictures = new VideoPictures(track);
  }

  #drop(): void {
    this.#pictures?.stop();
    this.#pictures = undefined;
    this.#path = undefined;
    this.#busySince = undefined;
    this.#host?.post({ type: 'drop' });
  }

  #heard(message: FromWorker): void {
    switch (message.type) {
      case 'tick':
        this.#handlers.tick();
        return this.#look();
      case 'jpeg':
        return this.#send(new Uint8Array(message.jpeg), message.capturedAt);
      case 'silent':
        return (message.reading ?? this.#reading) === this.#reading ? this.#silent() : undefined;
      case 'failed':
        return this.#failed();
    }
  }

  #look(): void {
    const track = this.#track;
    if (!track || !this.#path) return;
    // A track stopped by a script fires no event.
    if (track.readyState === 'ended') return this.#handlers.silent();
    if (this.#pictures?.silent(performance.now())) this.#silent();
    if (this.#busySince !== undefined && performance.now() - this.#busySince < PATIENCE_MS) return;
    // A muted camera leaves its last frame, which must not pass for a live one.
    if (track.muted || !this.#sink.wantsFrame) return;
    if (this.#pictures && !this.#pictures.fresh) return;
    this.#busySince = performance.now();
    this.#take();
  }

  #take(): void {
    const { maxWidth = DEFAULT_WIDTH, quality: asked = DEFAULT_QUALITY } = this.#sink.picture ?? {};
    const quality = asked * this.#share;
    const pictures = this.#pictures;
    if (!pictures) return this.#host?.post({ type: 'take', maxWidth, quality });
    const capturedAt = Date.now();
    const done =
      this.#path === 'bitmap'
        ? pictures
            .copy()
            .then((bitmap) => this.#host?.post({ type: 'encode', bitmap, maxWidth, quality, capturedAt }, [bitmap]))
        : pictures.encode(maxWidth, quality).then((jpeg) => this.#send(jpeg, capturedAt));
    done.catch(() => pictures === this.#pictures && this.#failed());
  }

  #send(jpeg: Uint8Array, capturedAt: number): void {
    this.#busySince = undefined;
    // The camera was lost while this frame was being encoded.
    if (!this.#track) return;
    if (jpeg.byteLength + HEADER_BYTES > MAX_FRAME_BYTES) this.#share *= 0.8;
    else this.#sink.sendFrame(jpeg, capturedAt);
  }

  #silent(): void {
    if (this.#track && !this.#track.muted) this.#handlers.silent();
  }

  /** A failed way will fail again: switches to the next best. */
  #failed(): void {
    this.#busySince = undefined;
    if (this.#track && this.#path && this.#path !== 'canvas')
      this.#use(this.#track, this.#path === 'bitmap' ? 'canvas' : 'bitmap');
  }
}
