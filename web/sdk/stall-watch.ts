/** A line counts as moving from this rate on, bytes per ms. */
const SLOWEST = 4;

/**
 * Detects a dead connection: bytes are on the way, no message comes, and the buffer does not shrink. The operating system
 * takes up to 15 minutes for that, too long for an exam.
 */
export class StallWatch {
  readonly #graceMs: number;
  #stillMs = 0;
  #buffered = 0;
  #checkedAt: number | undefined;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** A message arrived: the line moves. */
  heard(): void {
    this.#stillMs = 0;
  }

  /**
   * @param buffered bytes buffered in this process
   * @param unanswered bytes of unanswered frames
   * @param now ms of a monotonic clock
   * @returns true if nothing has moved for the grace period and the time that these bytes need on the slowest line
   */
  stalled(buffered: number, unanswered: number, now: number): boolean {
    const waiting = Math.max(buffered, unanswered);
    const limit = this.#graceMs + waiting / SLOWEST;
    const passed = Math.max(0, now - (this.#checkedAt ?? now));
    this.#checkedAt = now;
    const moves = waiting === 0 || buffered < this.#buffered;
    this.#buffered = buffered;
    // After a sleep of the page messages that arrived meanwhile are still to be read: one check alone decides nothing.
    this.#stillMs = moves ? 0 : this.#stillMs + Math.min(passed, limit / 2);
    return this.#stillMs >= limit;
  }

  /** Starts over for a new connection. */
  reset(): void {
    this.#stillMs = this.#buffered = 0;
    this.#checkedAt = undefined;
  }
}
