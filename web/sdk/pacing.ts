/** Tolerated share of an interval. Timers fire slightly early; without it, a loop at the rate would lose every second frame. */
const TOLERANCE = 0.1;

/** Limits frames to the rate of the server (rule F7). Idle time does not accumulate: after a pause, no burst follows. */
export class Pacer {
  #intervalMs = Number.POSITIVE_INFINITY;
  #due = Number.NEGATIVE_INFINITY;
  #lastSent = Number.NEGATIVE_INFINITY;

  /**
   * @param fps frames per second; 0 stops frames
   * @param now ms of a monotonic clock
   * @param random 0 <= x < 1
   */
  setRate(fps: number, now: number, random: number): void {
    const before = this.#intervalMs;
    this.#intervalMs = fps > 0 ? 1000 / fps : Number.POSITIVE_INFINITY;
    // `-Infinity + Infinity` would be NaN.
    if (fps <= 0) return;
    // A lower rate reaches all clients at once: a random phase keeps them from sending at the same moment.
    if (this.#intervalMs > before) this.#due = now + random * this.#intervalMs;
    // The due time of a slow rate must not delay a faster one.
    this.#due = Math.min(this.#due, this.#lastSent + this.#intervalMs);
  }

  /** True if a frame can be sent at `now` (ms). */
  ready(now: number): boolean {
    if (this.#intervalMs === Number.POSITIVE_INFINITY) return false;
    return now >= this.#due - this.#intervalMs * TOLERANCE;
  }

  /** A frame was sent at `now` (ms). Counting from the due time keeps the long-run rate exact despite the tolerance. */
  sent(now: number): void {
    this.#due = Math.max(this.#due, now) + this.#intervalMs;
    this.#lastSent = now;
  }
}
