import { setTimeout as pause } from 'node:timers/promises';
import { loopTurn } from '../../../db/loop-turn.ts';

/**
 * After a page that took so long nothing is read for as long again, ms at most: on the embedded database others want to
 * write.
 */
const MOST_REST_MS = 50;
/** Rows of the first page: an engine that has just begun takes many times as long for each. */
const FIRST_ROWS = 10;
/** A machine that is busy is not helped by pages that are mostly overhead. */
const FEWEST_ROWS = 25;
/** A page that took less is followed by one of twice as many rows, one that took more by one of half as many, ms. */
const QUICK_MS = 10;
const SLOW_MS = 40;

/** How a verification reads: one page, a rest, and until somebody wants no answer any more. */
export class Pages {
  readonly #signal: AbortSignal | undefined;
  #rows = FIRST_ROWS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * @param most rows of a page
   * @throws the signal's reason
   */
  async read<T>(most: number, page: (rows: number) => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    const from = performance.now();
    const rows = await page(Math.min(most, this.#rows));
    const took = performance.now() - from;
    if (took < QUICK_MS) this.#rows = Math.min(most, this.#rows * 2);
    else if (took > SLOW_MS) this.#rows = Math.max(FEWEST_ROWS, Math.ceil(this.#rows / 2));
    await pause(Math.min(MOST_REST_MS, took));
    return rows;
  }

  /** Between two rows of a page. */
  row(): Promise<void> {
    return loopTurn.hasTime();
  }
}
