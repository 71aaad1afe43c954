import { type FrameHeader, HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { Pacer } from './pacing.ts';

/** Part of a connection needed to send frames. */
export interface FrameLine {
  readonly bufferedAmount: number;
  sendFrame(header: FrameHeader, jpeg: Uint8Array): void;
}

/** Frames since the client was created. */
export interface FrameCounts {
  readonly sent: number;
  /** Skipped: over the rate, paused, not connected, too large, or while the previous frame was being sent. */
  readonly skipped: number;
}

/** Sends frames at the rate set by the server, one at a time. A frame that cannot be sent now is skipped (F4). */
export class FrameSender {
  readonly pacer = new Pacer();
  /** Increases across connections, which satisfies F3 on each of them. */
  #seq = 0;
  #skipped = 0;

  get counts(): FrameCounts {
    return { sent: this.#seq, skipped: this.#skipped };
  }

  /** @param now ms of a monotonic clock @returns true if it was sent */
  send(line: FrameLine | undefined, jpeg: Uint8Array, capturedAt: number, now: number): boolean {
    const size = jpeg.byteLength;
    const fits = size > 0 && size + HEADER_BYTES <= MAX_FRAME_BYTES;
    if (!line || !fits || line.bufferedAmount > size || !this.pacer.ready(now)) {
      this.#skipped++;
      return false;
    }
    this.pacer.sent(now);
    line.sendFrame({ seq: ++this.#seq, capturedAt }, jpeg);
    return true;
  }
}
