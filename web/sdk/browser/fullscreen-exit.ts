/** Signals that begin within this time are one act, ms. */
const ONE_ACT_MS = 1_000;
/** A blur is reported within this time, or it was none. ms */
const LONGEST_WAIT_MS = 3_000;

/** An absence that is going on. Times are of a monotonic clock, ms. */
export interface Absence {
  readonly since: number;
  readonly reported: boolean;
}

/**
 * Leaving full screen, unless it is part of an absence: switching windows or tabs leaves full screen, blurs and hides
 * the page within a moment, and is one event.
 */
export class FullscreenExit {
  readonly #report: () => void;
  #exitedAt: number | undefined;

  constructor(report: () => void) {
    this.#report = report;
  }

  exited(absence: Absence | undefined, now: number): void {
    if (absence?.reported && now - absence.since <= ONE_ACT_MS) return;
    this.#exitedAt = now;
  }

  /** An absence is reported. @returns whether the exit is part of it */
  joins(absence: Absence | undefined): boolean {
    if (!this.#isPartOf(absence)) return false;
    this.#exitedAt = undefined;
    return true;
  }

  look(absence: Absence | undefined, now: number): void {
    if (this.#exitedAt === undefined) return;
    const waits = this.#isPartOf(absence) ? LONGEST_WAIT_MS : ONE_ACT_MS;
    if (now - this.#exitedAt >= waits) this.flush();
  }

  /** Reports an exit that still waits. */
  flush(): void {
    if (this.#exitedAt === undefined) return;
    this.#exitedAt = undefined;
    this.#report();
  }

  #isPartOf(absence: Absence | undefined): boolean {
    return this.#exitedAt !== undefined && !!absence && Math.abs(absence.since - this.#exitedAt) <= ONE_ACT_MS;
  }
}
