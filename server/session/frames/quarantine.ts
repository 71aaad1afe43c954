const MAX_LOSSES = 3;
const WINDOW_MS = 60_000;

/**
 * Sessions whose frames may have ended the inference host: after one loss their frames are analysed alone, so that the
 * next loss blames nobody else; after three within a minute their frames are refused. Times are server ms.
 */
export class Quarantine {
  #losses: number[] = [];
  #isActive: boolean;

  /** @param isActive frames were refused when the session was last held */
  constructor(isActive: boolean) {
    this.#isActive = isActive;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Whether a recent end of the host may be due to this session. */
  isSuspect(now: number): boolean {
    return this.#losses.some((at) => now - at < WINDOW_MS);
  }

  /** The host ended while it analysed a frame of this session. @returns whether its frames are refused from now on */
  countLoss(at: number): boolean {
    this.#losses = [...this.#losses.filter((loss) => at - loss < WINDOW_MS), at];
    if (this.#losses.length < MAX_LOSSES || this.#isActive) return false;
    this.#isActive = true;
    return true;
  }

  /** A person allows the session's frames again. */
  lift(): void {
    this.#isActive = false;
    this.#losses = [];
  }
}
