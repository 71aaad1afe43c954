import { fit } from './picture-size.ts';
import { SilenceWatch } from './silence-watch.ts';

/** Frames of a track, taken from a detached `<video>`. */
export class VideoPictures {
  readonly #video = document.createElement('video');
  readonly #canvas = document.createElement('canvas');
  /** Last taken and last seen frame, by media time. */
  #taken = -1;
  #seen = -1;
  readonly #silence = new SilenceWatch();

  constructor(track: MediaStreamTrack) {
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([track]);
    // Rejects only if the element was stopped before it played.
    void this.#video.play().catch(() => {});
  }

  /** True if there is a frame that was not taken yet. */
  get fresh(): boolean {
    return (
      this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA &&
      this.#video.videoWidth > 0 &&
      this.#video.currentTime !== this.#taken
    );
  }

  /** True if no new frame has come for `SILENT_MS`; never on a hidden page, where browsers may stop playback. */
  silent(now: number): boolean {
    if (this.#video.currentTime !== this.#seen || document.visibilityState === 'hidden') {
      this.#seen = this.#video.currentTime;
      this.#silence.heard();
    }
    return this.#silence.silent(now);
  }

  copy(): Promise<ImageBitmap> {
    this.#taken = this.#video.currentTime;
    return createImageBitmap(this.#video);
  }

  /** @returns a JPEG; empty if the browser cannot encode one */
  encode(maxWidth: number, quality: number): Promise<Uint8Array> {
    this.#taken = this.#video.currentTime;
    Object.assign(this.#canvas, fit(this.#video.videoWidth, this.#video.videoHeight, maxWidth));
    this.#canvas
      .getContext('2d', { alpha: false })
      ?.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    return new Promise((resolve) => {
      const done = async (blob: Blob | null) =>
        resolve(blob ? new Uint8Array(await blob.arrayBuffer()) : new Uint8Array());
      this.#canvas.toBlob((blob) => void done(blob), 'image/jpeg', quality);
    });
  }

  stop(): void {
    this.#video.pause();
    this.#video.srcObject = null;
  }
}
