/**
 * Measures the time from report to acknowledgement of one student's signals, except those delayed by the script's own
 * cut.
 */
export class AckTimes {
  readonly #timed: (ms: number) => void;
  /** Report time of each unacknowledged signal, in order; undefined: not timed. */
  #waiting: (number | undefined)[] = [];
  #isCut = false;

  constructor(timed: (ms: number) => void) {
    this.#timed = timed;
  }

  sent(): void {
    this.#waiting.push(this.#isCut ? undefined : performance.now());
  }

  /** @param count number of newly acknowledged signals, oldest first */
  acked(count: number): void {
    for (const sentAt of this.#waiting.splice(0, count))
      if (sentAt !== undefined) this.#timed(performance.now() - sentAt);
  }

  /** The script cuts the network until the next welcome. */
  cut(): void {
    this.#isCut = true;
    this.#waiting = this.#waiting.map(() => undefined);
  }

  reconnected(): void {
    this.#isCut = false;
  }
}
