/** Queue wait above which the models count as busy, and below which they count as idle, ms. */
const BUSY_WAIT_MS = 400;
const IDLE_WAIT_MS = 100;
const LOWER = 0.8;
const RAISE = 1.1;
const LEAST = 0.1;

/**
 * One share for everybody: lowered by a fifth while frames wait too long or are replaced before their turn,
 * raised by a tenth while they do not (additive-increase is not needed: the steps are seconds apart).
 */
export class RateControl {
  #scale = 1;
  #waitSum = 0;
  #waits = 0;
  #replaced = 0;

  /** Share of each policy's rate, LEAST..1. */
  get scale(): number {
    return this.#scale;
  }

  waited(ms: number): void {
    this.#waitSum += ms;
    this.#waits += 1;
  }

  replaced(): void {
    this.#replaced += 1;
  }

  /** Ends a measuring period. @returns whether the share changed */
  step(): boolean {
    const wait = this.#waits === 0 ? 0 : this.#waitSum / this.#waits;
    const replaced = this.#replaced / Math.max(1, this.#waits + this.#replaced);
    const before = this.#scale;
    if (wait > BUSY_WAIT_MS || replaced > 0.05) this.#scale = Math.max(LEAST, this.#scale * LOWER);
    else if (wait < IDLE_WAIT_MS && replaced === 0) this.#scale = Math.min(1, this.#scale * RAISE);
    this.#waitSum = 0;
    this.#waits = 0;
    this.#replaced = 0;
    return this.#scale !== before;
  }
}
