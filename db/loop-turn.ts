/** How long work may go on before everything else has its turn, ms: a fraction of what an acknowledgement may wait for. */
const TURN_MS = 8;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/**
 * The present turn of the event loop. An engine in this process answers without input or output: promises alone would carry one
 * statement on to the next, and a thousand of them, each short, would be one long block. Loops over many rows are the same.
 */
class LoopTurn {
  #begunAt: number | undefined;

  /** Resolves at once while the turn has time left, else in a later one. */
  async hasTime(): Promise<void> {
    // Others may have waited, too, and the first of them used the new turn up.
    while (this.#begunAt !== undefined && performance.now() - this.#begunAt > TURN_MS) await nextTurn();
    if (this.#begunAt !== undefined) return;
    this.#begunAt = performance.now();
    setImmediate(() => (this.#begunAt = undefined));
  }
}

/** One for all: there is one event loop. */
export const loopTurn = new LoopTurn();
