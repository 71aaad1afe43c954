import { setTimeout as pause } from 'node:timers/promises';
import { loopTurn } from '../../../db/loop-turn.ts';

/** After a page that took so long nothing is read for as long again, ms at most: on the embedded database others want to write. */
const MOST_REST_MS = 50;

/** How a verification reads: one page, a rest, and until somebody wants no answer any more. */
export class Pages {
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws the signal's reason */
  async read<T>(page: () => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    const from = performance.now();
    const rows = await page();
    await pause(Math.min(MOST_REST_MS, performance.now() - from));
    return rows;
  }

  /** Between two rows of a page. */
  row(): Promise<void> {
    return loopTurn.hasTime();
  }
}
