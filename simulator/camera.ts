import type { InvigilClient } from '../web/sdk/client.ts';
import type { ClipName } from './draw/clips.ts';
import type { FrameSource } from './frames.ts';
import type { Tally } from './tally.ts';

export interface CameraOptions {
  readonly client: InvigilClient;
  readonly frames: FrameSource;
  /** Number of the student. */
  readonly student: number;
  /** The clip to show now. */
  readonly clip: () => ClipName;
  /** Maximum frames per second; the server's stated rate if lower. */
  readonly maxFps: number | undefined;
  readonly tally: Tally;
}

/** Steps in a clip of eight frames that lead to another one. */
const OTHERS = 7;
const COMMENT = [0xff, 0xfe, 0, 6];

/** The picture with a number in a comment: no camera sends the same bytes twice. */
function asTaken(jpeg: Uint8Array, number: number): Uint8Array {
  const taken = new Uint8Array(jpeg.length + COMMENT.length + 4);
  taken.set(jpeg.subarray(0, 2));
  taken.set(COMMENT, 2);
  new DataView(taken.buffer).setUint32(2 + COMMENT.length, number);
  taken.set(jpeg.subarray(2), 2 + COMMENT.length + 4);
  return taken;
}

/** Sends the frames of one student at the server's stated rate and measures analysis times. */
export class Camera {
  readonly #options: CameraOptions;
  #on = false;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  /** Frames offered so far. */
  #shown = 0;
  /** Position in the clip. */
  #at = 0;
  /** Send times of frames that may still be analysed, by sequence number. */
  readonly #sentAt = new Map<number, number>();

  constructor(options: CameraOptions) {
    this.#options = options;
  }

  start(): void {
    this.#on = true;
    // Cameras are not in phase.
    this.#due = performance.now() + Math.random() * 1000;
    this.plan();
  }

  stop(): void {
    this.#on = false;
    clearTimeout(this.#timer);
  }

  /** Sets the time of the next frame; also called when the server states another rate. */
  plan(): void {
    clearTimeout(this.#timer);
    const { client, maxFps = Number.POSITIVE_INFINITY } = this.#options;
    const fps = Math.min(client.throttle?.fps ?? 0, maxFps);
    if (!this.#on || fps <= 0) return;
    const interval = 1000 / fps;
    const now = performance.now();
    // A due time set far ahead under a slower rate must not delay a faster one; one long past must not cause a burst.
    this.#due = Math.min(Math.max(this.#due, now - interval), now + interval);
    this.#timer = setTimeout(
      () => {
        this.#due += interval;
        this.#show();
        this.plan();
      },
      Math.max(0, this.#due - now),
    );
  }

  /** Called when the server has analysed a frame. */
  analysed(frame: number): void {
    const { tally } = this.#options;
    tally.framesAnalysed++;
    const sentAt = this.#sentAt.get(frame);
    if (sentAt !== undefined) tally.analysed(performance.now() - sentAt);
    // Analyses come in order, and some frames get none.
    for (const seq of this.#sentAt.keys()) {
      if (seq > frame) break;
      this.#sentAt.delete(seq);
    }
  }

  /** Another frame of the clip, in no order: a clip played again and again is what the rules look for. */
  #next(): number {
    this.#shown++;
    this.#at += 1 + Math.floor(Math.random() * OTHERS);
    return this.#at;
  }

  #show(): void {
    const { client, frames, student, clip, tally } = this.#options;
    if (!client.wantsFrame) return;
    const now = performance.now();
    if (!client.sendFrame(asTaken(frames.frame(student, clip(), this.#next()), this.#shown))) {
      tally.framesHeldBack++;
      return;
    }
    tally.framesSent++;
    this.#sentAt.set(client.frames.sent, now);
  }
}
