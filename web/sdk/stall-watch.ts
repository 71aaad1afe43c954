/** A line counts as moving from this rate on, bytes per ms. */
const SLOWEST = 4;
/** Of the server's regular messages this many intervals may pass without one. */
const MISSED = 2;

/**
 * Detects a dead connection: bytes are on the way, no message comes, and the buffer does not shrink. The operating system
 * takes up to 15 minutes for that, too long for an exam.
 */
export class StallWatch {
  readonly #graceMs: number;
  #stillMs = 0;
  /** Time without a message of the server. */
  #silentMs = 0;
  #buffered = 0;
  #checkedAt: number | undefined;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** A message arrived: the line moves. */
  heard(): void {
    this.#stillMs = this.#silentMs = 0;
  }

  /**
   * @param buffered bytes buffered in this process
   * @param unanswered bytes of unanswered frames
   * @param now ms of a monotonic clock
   * @param speaksEvery interval in which the server sends something in any case, ms; infinite for older servers
   * @returns true if nothing has moved for the grace period and the time that these bytes need on the slowest line, or
   *   nothing has come for so long that the server cannot be at the other end
   */
  stalled(buffered: number, unanswered: number, now: number, speaksEvery = Number.POSITIVE_INFINITY): boolean {
    const waiting = Math.max(buffered, unanswered);
    const limit = this.#graceMs + waiting / SLOWEST;
    const passed = Math.max(0, now - (this.#checkedAt ?? now));
    this.#checkedAt = now;
    const moves = waiting === 0 || buffered < this.#buffered;
    this.#buffered = buffered;
    // After a sleep of the page messages that arrived meanwhile are still to be read: one check alone decides nothing.
    this.#stillMs = moves ? 0 : this.#stillMs + Math.min(passed, limit / 2);
    const silence = speaksEvery * MISSED + waiting / SLOWEST;
    this.#silentMs += Math.min(passed, silence / 2);
    return this.#stillMs >= limit || this.#silentMs >= silence;
  }

  /** Starts over for a new connection. */
  reset(): void {
    this.#stillMs = this.#silentMs = this.#buffered = 0;
    this.#checkedAt = undefined;
  }
}
