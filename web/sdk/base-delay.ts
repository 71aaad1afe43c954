/** The lowest delay of this period and the one before it counts, so that a route that became longer is noticed. ms */
const PERIOD_MS = 5 * 60_000;

/** Delay of the line without queues: the lowest delay measured lately (RFC 6817, section 2.4.2). */
export class BaseDelay {
  #lowest = Number.POSITIVE_INFINITY;
  #before = Number.POSITIVE_INFINITY;
  #since: number | undefined;
  readonly #most: number;

  /** @param most ms; on a line that is slow throughout, the lowest delay is that of frames, and must not grow with them */
  constructor(most: number) {
    this.#most = most;
  }

  /** 0 before the first delay. */
  get ms(): number {
    const lowest = Math.min(this.#lowest, this.#before);
    return lowest === Number.POSITIVE_INFINITY ? 0 : Math.min(lowest, this.#most);
  }

  add(delay: number, now: number): void {
    this.#since ??= now;
    if (now - this.#since >= PERIOD_MS) {
      this.#before = this.#lowest;
      this.#lowest = Number.POSITIVE_INFINITY;
      this.#since = now;
    }
    this.#lowest = Math.min(this.#lowest, delay);
  }

  clear(): void {
    this.#lowest = this.#before = Number.POSITIVE_INFINITY;
    this.#since = undefined;
  }
}
