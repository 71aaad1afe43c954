const FIRST_MS = 250;
/**
 * A host that was at work and ended is missed: the next one begins after so long at most, however often that happens.
 */
const MOST_AFTER_WORK_MS = 500;
const MOST_AFTER_START_MS = 30_000;
/** One that was ready for so long has shown that it can be. */
const PROVEN_MS = 10_000;
/** Failed starts in a row after which nobody waits for the models any more. */
const PATIENCE = 3;

/** Delay before the next host, depending on how the last ones ended. */
export class Respawn {
  #failedStarts = 0;
  #shortLives = 0;

  /** Starts have failed so often that frames are not kept waiting. */
  get isHopeless(): boolean {
    return this.#failedStarts >= PATIENCE;
  }

  ready(): void {
    this.#failedStarts = 0;
  }

  /**
   * @param readyMs how long the host that ended was ready; undefined: it never was, or could not be started @returns ms
   * until the next start
   */
  after(readyMs: number | undefined): number {
    if (readyMs === undefined) return Math.min(MOST_AFTER_START_MS, FIRST_MS * 2 ** this.#failedStarts++);
    if (readyMs >= PROVEN_MS) this.#shortLives = 0;
    const delay = this.#shortLives === 0 ? 0 : Math.min(MOST_AFTER_WORK_MS, FIRST_MS * 2 ** (this.#shortLives - 1));
    this.#shortLives += 1;
    return delay;
  }
}
