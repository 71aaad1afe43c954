/** Time budget of database work per turn of the event loop, ms: a fraction of what an acknowledgement may wait for. */
const TURN_MS = 8;
/** Time budget of work that an acknowledgement waits for, ms. */
const URGENT_MS = 16;

/**
 * Time budget of the current turn of the event loop. An engine in this process answers without I/O: promises alone
 * would run one statement after another, and a thousand short ones would block the loop. The same applies to loops over
 * many rows.
 */
class LoopTurn {
  #begunAt: number | undefined;
  #waiting: (() => void)[] = [];
  #urgent: (() => void)[] = [];

  /** Resolves at once while the turn has time left and nobody is waiting; otherwise in the turn after the next. */
  async hasTime(): Promise<void> {
    if (this.#waiting.length === 0 && this.#urgent.length === 0 && this.#isWithin(TURN_MS)) return;
    await new Promise<void>((resolve) => {
      // Skips a turn, in which messages are read and their urgent writes begin.
      if (this.#waiting.push(resolve) === 1) setImmediate(() => setImmediate(() => this.#next()));
    });
  }

  /** For urgent work: precedes everything that waits and has a larger share of the turn. */
  async hasTimeForUrgent(): Promise<void> {
    if (this.#isWithin(URGENT_MS)) return;
    await new Promise<void>((resolve) => {
      if (this.#urgent.push(resolve) === 1) setImmediate(() => this.#nextUrgent());
    });
  }

  #isWithin(ms: number): boolean {
    if (this.#begunAt === undefined) this.#begin();
    return performance.now() - this.#begunAt! <= ms;
  }

  #begin(): void {
    const begunAt = performance.now();
    this.#begunAt = begunAt;
    setImmediate(() => {
      if (this.#begunAt === begunAt) this.#begunAt = undefined;
    });
  }

  /** Wakes all waiters, so that continuous work does not use up each turn before the others wake. */
  #next(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#begin();
    for (const resolve of waiting) resolve();
  }

  #nextUrgent(): void {
    const urgent = this.#urgent;
    this.#urgent = [];
    this.#begin();
    for (const resolve of urgent) resolve();
  }
}

/** A singleton: there is one event loop. */
export const loopTurn = new LoopTurn();
