/** Deferred work in its own order. */
export interface Waiting {
  /** Does the first piece. @returns whether there is more */
  next(): boolean;
}

/**
 * Shares the event loop between clients. One that sends a great many small things at once has them read from the kernel
 * in one turn; when what is done in a turn has taken its time, the rest is done in later ones, a piece of each client
 * at a time.
 */
export class Turns {
  readonly #shareMs: number;
  #startedAt: number | undefined;
  #waiting: Waiting[] = [];
  readonly #nextTurn = () => this.#begin();

  /**
   * @param shareMs what one turn of the event loop may spend on this kind of work. The rest waits: sockets of others
   * and timers come in between
   */
  constructor(shareMs: number) {
    this.#shareMs = shareMs;
  }

  /**
   * Whether more should be left for a later turn. Asked before each piece of work; the first one of a turn begins its
   * time.
   */
  get isSpent(): boolean {
    const now = performance.now();
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      setImmediate(this.#nextTurn);
      return false;
    }
    return now - this.#startedAt > this.#shareMs;
  }

  /** Does it in later turns. Work that fails has to see to that itself. */
  wait(work: Waiting): void {
    this.#waiting.push(work);
    // There is a turn already: it was asked whether that one is spent.
    if (this.#startedAt === undefined) void this.isSpent;
  }

  #begin(): void {
    this.#startedAt = undefined;
    let waiting = this.#waiting;
    while (waiting.length > 0) {
      this.#waiting = [];
      for (const [index, work] of waiting.entries()) {
        if (this.isSpent) {
          this.#waiting = [...waiting.slice(index), ...this.#waiting];
          return;
        }
        if (work.next()) this.#waiting.push(work);
      }
      waiting = this.#waiting;
    }
  }
}
