/**
 * Timers fire a little early or late; without this share of an interval a loop at exactly the rate would lose every
 * second frame.
 */
const TOLERANCE = 0.1;

/**
 * Holds frames to the rate that the server states (rule F7). Nothing is saved up while idle:
 * a pause is followed by one frame, not by a burst.
 */
export class Pacer {
  #intervalMs = Number.POSITIVE_INFINITY;
  #due = Number.NEGATIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;

  /**
   * @param fps frames a second; 0 stops frames altogether
   * @param now ms on a clock that does not jump
   * @param random 0 <= x < 1
   */
  setRate(fps: number, now: number, random: number): void {
    const before = this.#intervalMs;
    this.#intervalMs = fps > 0 ? 1000 / fps : Number.POSITIVE_INFINITY;
    // `-Infinity + Infinity` is no time to wait for.
    if (fps <= 0) return;
    // A lower rate reaches all clients at once: without a phase of its own each would send in the same second, and then
    // nobody for several.
    if (this.#intervalMs > before) this.#due = now + random * this.#intervalMs;
    // A frame that was due in the far future under a slow rate must not hold back a faster one.
    this.#due = Math.min(this.#due, this.#lastSent + this.#intervalMs);
  }

  /** Whether a frame may leave at `now` (ms). */
  ready(now: number): boolean {
    if (this.#intervalMs === Number.POSITIVE_INFINITY) return false;
    return now >= this.#due - this.#intervalMs * TOLERANCE;
  }

  /** A frame left at `now` (ms). Counting from the due time keeps the long-run rate exact despite the tolerance. */
  sent(now: number): void {
    this.#due = Math.max(this.#due, now) + this.#intervalMs;
    this.#lastSent = now;
  }
}
