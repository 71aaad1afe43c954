/**
 * Notices a connection whose other end is gone without a close: what was handed to it does not leave. The operating
 * system takes a quarter of an hour for that, an exam cannot.
 */
export class StallWatch {
  #since: number | undefined;
  #lowest = 0;
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @returns whether `buffered` bytes (> 0) have not shrunk for the limit; `now` in ms */
  stalled(buffered: number, now: number): boolean {
    if (buffered === 0) {
      this.#since = undefined;
      return false;
    }
    if (this.#since === undefined || buffered < this.#lowest) {
      this.#since = now;
      this.#lowest = buffered;
    }
    return now - this.#since >= this.#limitMs;
  }

  /** For a new connection. */
  reset(): void {
    this.#since = undefined;
  }
}
