/** Timers fire a little early or late; without this share of an interval a loop at exactly the rate would lose every second frame. */
const TOLERANCE = 0.1;

/**
 * Holds frames to the rate that the server states (rule F7). Nothing is saved up while idle:
 * a pause is followed by one frame, not by a burst.
 */
export class Pacer {
  #intervalMs = Number.POSITIVE_INFINITY;
  #due = Number.NEGATIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;

  /** Frames a second; 0 stops frames altogether. */
  setRate(fps: number): void {
    this.#intervalMs = fps > 0 ? 1000 / fps : Number.POSITIVE_INFINITY;
    // `-Infinity + Infinity` is no time to wait for.
    if (fps <= 0) return;
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
