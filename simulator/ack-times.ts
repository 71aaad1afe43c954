/**
 * Times one student's signals from being reported to being acknowledged, but for those that a cut of the script's own
 * held up.
 */
export class AckTimes {
  readonly #timed: (ms: number) => void;
  /** When each unacknowledged signal was reported, in order; undefined: not to be timed. */
  #waiting: (number | undefined)[] = [];
  #isCut = false;

  constructor(timed: (ms: number) => void) {
    this.#timed = timed;
  }

  sent(): void {
    this.#waiting.push(this.#isCut ? undefined : performance.now());
  }

  /** @param count how many more are acknowledged, the oldest first */
  acked(count: number): void {
    for (const sentAt of this.#waiting.splice(0, count))
      if (sentAt !== undefined) this.#timed(performance.now() - sentAt);
  }

  /** The script takes the network away, until the next greeting. */
  cut(): void {
    this.#isCut = true;
    this.#waiting = this.#waiting.map(() => undefined);
  }

  reconnected(): void {
    this.#isCut = false;
  }
}
