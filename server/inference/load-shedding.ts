/** Queue wait above which the models count as busy, and below which they count as idle, ms. */
const BUSY_WAIT_MS = 400;
const IDLE_WAIT_MS = 100;
const REPLACED_SHARE = 0.05;
/** One step down: to the rate that the models reached in the period, by a fifth at least and half at most. */
const LOWER = { least: 0.8, most: 0.5, below: 0.95 } as const;
const RAISE = 1.1;
const LEAST = 0.1;
/** Periods after a step down in which nothing is judged: the frames that waited then still come to their turn. */
const SETTLE = 2;

/**
 * One share for everybody. Lowered while frames wait too long or are replaced before their turn, to the share of them
 * that had their turn; raised by a tenth a period while they do not wait, or there are none.
 */
export class LoadShedding {
  #scale = 1;
  #waitSum = 0;
  #waits = 0;
  #replaced = 0;
  #settling = 0;
  /** No frame is analysed while the database is down: the lowest rate. */
  isHeld = false;

  /** Share of each policy's rate, LEAST..1. */
  get scale(): number {
    return this.isHeld ? LEAST : this.#scale;
  }

  /** A frame had its turn after so long. */
  waited(ms: number): void {
    this.#waitSum += ms;
    this.#waits += 1;
  }

  /** A frame was replaced by a newer one before its turn. */
  replaced(): void {
    this.#replaced += 1;
  }

  /** Ends a measuring period. @returns whether the share changed */
  step(): boolean {
    const before = this.#scale;
    if (this.#settling > 0) this.#settling -= 1;
    else this.#judge();
    this.#waitSum = 0;
    this.#waits = 0;
    this.#replaced = 0;
    return this.#scale !== before;
  }

  #judge(): void {
    const due = this.#waits + this.#replaced;
    // No frames: the next exam must not start at the rate that the last one left.
    if (due === 0) {
      this.#scale = Math.min(1, this.#scale * RAISE);
      return;
    }
    const wait = this.#waits === 0 ? 0 : this.#waitSum / this.#waits;
    if (wait > BUSY_WAIT_MS || this.#replaced / due > REPLACED_SHARE) {
      const factor = Math.max(LOWER.most, Math.min(LOWER.least, (this.#waits / due) * LOWER.below));
      this.#scale = Math.max(LEAST, this.#scale * factor);
      this.#settling = SETTLE;
    } else if (wait < IDLE_WAIT_MS && this.#replaced === 0) {
      this.#scale = Math.min(1, this.#scale * RAISE);
    }
  }
}
