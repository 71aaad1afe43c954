const GAPS = 5;
const WITHIN_MS = 360_000;

export interface GapsInARow {
  readonly gaps: number;
  /** From the first of them to the last. */
  readonly withinSeconds: number;
}

/**
 * Gaps of the connection that follow each other (rule E13). Each by itself is what poor lines do; of 200 simulated
 * honest sittings of two hours (`bench -- cheats`), three in ten on a poor line, none has five within six minutes.
 */
export class RepeatedGaps {
  #began: number[] = [];

  /**
   * @param at beginning of a gap, server ms
   * @returns the gaps in a row when this one completes them; they are not counted again
   */
  add(at: number): GapsInARow | undefined {
    this.#began = [...this.#began.filter((before) => at - before <= WITHIN_MS), at];
    if (this.#began.length < GAPS) return undefined;
    const withinSeconds = Math.round((at - this.#began[0]!) / 1000);
    this.#began = [];
    return { gaps: GAPS, withinSeconds };
  }
}
