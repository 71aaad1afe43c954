import type { Throttle } from '../../protocol/down.ts';
import { type FrameHeader, HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { Pacer } from './pacing.ts';
import { type PictureSettings, scaled } from './picture-settings.ts';
import { MAX_UNANSWERED, UnansweredFrames } from './unanswered-frames.ts';
import { UplinkControl } from './uplink-control.ts';

/** Part of a connection needed to send frames. */
export interface FrameLine {
  readonly bufferedAmount: number;
  sendFrame(header: FrameHeader, jpeg: Uint8Array): void;
}

/** Frames since the client was created. */
export interface FrameCounts {
  readonly sent: number;
  /** Skipped: over the rate, paused, not connected, too large, or while earlier frames were unanswered. */
  readonly skipped: number;
}

/** Tolerated share of an interval, as in `Pacer`. */
const TOLERANCE = 0.1;
/** A frame without an answer for this long is overdue, ms: the next one is sent smaller, and need not wait for it. */
const OVERDUE_MS = 3_000;
/** An answer is lost after this, and the time that the unanswered bytes take at `CRAWL`, ms. */
const LOST_MS = 20_000;
/** No line is slower for long, bytes per ms. */
const CRAWL = 0.25;

/**
 * Sends frames at the rate set by the server or, on a slow uplink, at the lower one that the uplink allows, with at most
 * two unanswered. A frame that cannot be sent now is skipped (F4).
 */
export class FrameSender {
  readonly #pacer = new Pacer();
  readonly #unanswered = new UnansweredFrames();
  readonly #uplink = new UplinkControl();
  /** The server answers every frame (F13); an older one does not, and is sent frames at its rate. */
  #answers = false;
  #throttle: Throttle | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Number of the newest frame that was overdue. */
  #overdue = 0;
  /** Increases across connections, which satisfies F3 on each of them. */
  #seq = 0;
  #skipped = 0;

  get counts(): FrameCounts {
    return { sent: this.#seq, skipped: this.#skipped };
  }

  /** Bytes of frames that the server has not answered. */
  get unansweredBytes(): number {
    return this.#unanswered.bytes;
  }

  /** Settings for the next picture; undefined before the first `welcome`. */
  get settings(): PictureSettings | undefined {
    return this.#throttle && scaled(this.#throttle, this.#answers ? this.#uplink.scale : 1);
  }

  /** True while rate, size and quality are noticeably reduced for a slow uplink. */
  get reduced(): boolean {
    return this.#answers && this.#uplink.reduced;
  }

  /** A new connection. @param answers the server answers every frame */
  connected(answers: boolean, maxWidth: number): void {
    this.#answers = answers;
    this.#unanswered.clear();
    this.#uplink.restart(maxWidth);
  }

  /** The server's rate and size. @param now ms @param random 0 <= x < 1 */
  throttle(throttle: Throttle, now: number, random: number): void {
    this.#throttle = throttle;
    this.#pacer.setRate(throttle.fps, now, random);
  }

  /** True if a frame can be sent at `now` (ms of a monotonic clock). */
  ready(now: number): boolean {
    return this.#pacer.ready(now) && (!this.#answers || (this.#hasRoom(now) && this.#spaced(now)));
  }

  /** @returns true if it was sent */
  send(line: FrameLine | undefined, jpeg: Uint8Array, capturedAt: number, now: number): boolean {
    const size = jpeg.byteLength;
    const fits = size > 0 && size + HEADER_BYTES <= MAX_FRAME_BYTES;
    if (!line || !fits || line.bufferedAmount > size || !this.ready(now)) {
      this.#skipped++;
      return false;
    }
    this.#pacer.sent(now);
    this.#sentAt = now;
    const seq = ++this.#seq;
    if (this.#answers) this.#unanswered.sent({ seq, bytes: size + HEADER_BYTES, sentAt: now });
    line.sendFrame({ seq, capturedAt }, jpeg);
    return true;
  }

  /** The server has this frame. */
  answered(seq: number, now: number): void {
    const frame = this.#unanswered.answered(seq);
    if (frame) this.#uplink.answered(frame.sentAt, now);
  }

  /** Notices frames that are overdue, and gives up answers that are lost, so that frames go on. */
  expire(now: number): void {
    const { oldest, bytes } = this.#unanswered;
    if (!oldest) return;
    const waitedMs = now - oldest.sentAt;
    if (waitedMs > OVERDUE_MS && oldest.seq > this.#overdue) {
      this.#overdue = oldest.seq;
      this.#uplink.overdue(now);
    }
    if (waitedMs > LOST_MS + bytes / CRAWL) this.#unanswered.forgetOldest();
  }

  /**
   * A second frame is sent behind one that is on time. Behind a late one signals would wait for both: it is sent only
   * once that is overdue, small, in case its answer is lost.
   */
  #hasRoom(now: number): boolean {
    const { count, oldest } = this.#unanswered;
    if (!oldest) return true;
    if (count >= MAX_UNANSWERED) return false;
    return now - oldest.sentAt <= this.#uplink.lateAfterMs || oldest.seq <= this.#overdue;
  }

  /** The rate of the uplink; the pacer keeps that of the server. */
  #spaced(now: number): boolean {
    const { settings } = this;
    if (!settings || settings.fps === this.#throttle?.fps) return true;
    return now - this.#sentAt >= ((1 - TOLERANCE) * 1000) / settings.fps;
  }
}
