import { SILENT_MS } from './capture-messages.ts';
import { fit } from './picture-size.ts';

/** Pictures of a track by way of a `<video>` that is on no page. */
export class VideoPictures {
  readonly #video = document.createElement('video');
  readonly #canvas = document.createElement('canvas');
  /** The picture that was taken last, and the one that was last seen, by their times in the stream. */
  #taken = -1;
  #seen = -1;
  #seenAt = performance.now();

  constructor(track: MediaStreamTrack) {
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([track]);
    // A rejection only means that the element was given up before it began.
    void this.#video.play().catch(() => {});
  }

  /** Whether there is a picture that was not taken yet. */
  get fresh(): boolean {
    return (
      this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA &&
      this.#video.videoWidth > 0 &&
      this.#video.currentTime !== this.#taken
    );
  }

  /** Whether nothing new has come for long; a hidden page need not be shown anything. */
  silent(now: number): boolean {
    if (this.#video.currentTime !== this.#seen || document.visibilityState === 'hidden') {
      this.#seen = this.#video.currentTime;
      this.#seenAt = now;
    }
    if (now - this.#seenAt < SILENT_MS) return false;
    this.#seenAt = now;
    return true;
  }

  copy(): Promise<ImageBitmap> {
    this.#taken = this.#video.currentTime;
    return createImageBitmap(this.#video);
  }

  /** @returns a JPEG; empty when the browser makes none */
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
