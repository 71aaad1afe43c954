import { type FrameHeader, HEADER_BYTES, MAX_FRAME_BYTES } from '../../protocol/frame.ts';
import { Pacer } from './pacing.ts';

/** The part of a connection that frames need. */
export interface FrameLine {
  readonly bufferedAmount: number;
  sendFrame(header: FrameHeader, jpeg: Uint8Array): void;
}

/** Frames since the client was made. */
export interface FrameCounts {
  readonly sent: number;
  /** Over the rate, while paused or not connected, too large, or because the line was still busy with the last one. */
  readonly skipped: number;
}

/**
 * Sends frames at the server's rate, and never more than one at a time: a frame that cannot leave now is not worth
 * keeping (F4).
 */
export class FrameSender {
  readonly pacer = new Pacer();
  /** Rises over all connections, which satisfies F3 on each of them. */
  #seq = 0;
  #skipped = 0;

  get counts(): FrameCounts {
    return { sent: this.#seq, skipped: this.#skipped };
  }

  /** @returns whether it was sent; `now` in ms on a clock that does not jump */
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
