/** Frames that may be on the line without an answer (rule F13). */
export const MAX_UNANSWERED = 2;

export interface UnansweredFrame {
  readonly seq: number;
  readonly bytes: number;
  /** ms of a monotonic clock. */
  readonly sentAt: number;
}

/** Frames that were sent on this connection and not answered yet, oldest first. */
export class UnansweredFrames {
  #frames: UnansweredFrame[] = [];

  get count(): number {
    return this.#frames.length;
  }

  get bytes(): number {
    return this.#frames.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get oldest(): UnansweredFrame | undefined {
    return this.#frames[0];
  }

  sent(frame: UnansweredFrame): void {
    this.#frames.push(frame);
  }

  /**
   * Frames arrive in order: an answer covers earlier frames, too. Answers that are repeated, late or of no frame of this
   * connection change nothing.
   * @returns the frame with this number, if it was unanswered
   */
  answered(seq: number): UnansweredFrame | undefined {
    const frame = this.#frames.find((sent) => sent.seq === seq);
    if (frame) this.#frames = this.#frames.filter((sent) => sent.seq > seq);
    return frame;
  }

  /** Gives up the oldest frame: its answer is lost. */
  forgetOldest(): void {
    this.#frames.shift();
  }

  clear(): void {
    this.#frames = [];
  }
}
