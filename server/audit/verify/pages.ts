import { setTimeout as pause } from 'node:timers/promises';
import { loopTurn } from '../../../db/loop-turn.ts';

/** After a page, reading pauses for as long as it took, at most this, ms: the embedded database has other work. */
const MOST_REST_MS = 50;
/** Rows of the first page: a cold engine takes many times as long per row. */
const FIRST_ROWS = 10;
/** Minimum rows per page: on a busy machine smaller pages would be mostly overhead. */
const FEWEST_ROWS = 25;
/** Target time of a page, ms: a faster one is followed by one of twice as many rows, a slower one by half as many. */
const QUICK_MS = 10;
const SLOW_MS = 40;

/** Reads pages with pauses until the verification is cancelled. */
export class Pages {
  readonly #signal: AbortSignal | undefined;
  #rows = FIRST_ROWS;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** @param most maximum rows per page @throws the signal's reason */
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

  /** Yields between rows of a page. */
  row(): Promise<void> {
    return loopTurn.hasTime();
  }
}
