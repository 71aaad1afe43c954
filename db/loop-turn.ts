/**
 * How long work may go on before everything else has its turn, ms: a fraction of what an acknowledgement may wait for.
 */
const TURN_MS = 8;
/** The same for work that an acknowledgement waits for, ms. */
const URGENT_MS = 16;

/**
 * The present turn of the event loop. An engine in this process answers without input or output: promises alone would
 * carry one statement on to the next, and a thousand of them, each short, would be one long block. Loops over many rows
 * are the same.
 */
class LoopTurn {
  #begunAt: number | undefined;
  #waiting: (() => void)[] = [];

  /**
   * Resolves at once while the turn has time left and nobody waits for the next one, which is then everybody's who
   * waits.
   */
  async hasTime(): Promise<void> {
    if (this.#waiting.length === 0 && this.#isWithin(TURN_MS)) return;
    await this.#nextTurn();
  }

  /** The same for urgent work: it goes before everything that waits, and its share of the turn is larger. */
  async hasTimeForUrgent(): Promise<void> {
    if (!this.#isWithin(URGENT_MS)) await this.#nextTurn();
  }

  #isWithin(ms: number): boolean {
    if (this.#begunAt === undefined) this.#begin();
    return performance.now() - this.#begunAt! <= ms;
  }

  async #nextTurn(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#next());
    });
  }

  #begin(): void {
    const begunAt = performance.now();
    this.#begunAt = begunAt;
    setImmediate(() => {
      if (this.#begunAt === begunAt) this.#begunAt = undefined;
    });
  }

  /** All of them: one that goes on without a pause must not use up each turn before the others wake. */
  #next(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#begin();
    for (const resolve of waiting) resolve();
  }
}

/** One for all: there is one event loop. */
export const loopTurn = new LoopTurn();
