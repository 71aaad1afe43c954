/**
 * Detects a dead connection by buffered bytes that do not shrink. The operating system takes up to 15 minutes for that,
 * too long for an exam.
 */
export class StallWatch {
  #since: number | undefined;
  #lowest = 0;
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @param now ms @returns true if `buffered` bytes (> 0) have not shrunk for the limit */
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

  /** Starts over for a new connection. */
  reset(): void {
    this.#since = undefined;
  }
}
