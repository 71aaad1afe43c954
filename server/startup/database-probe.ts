import type { Timers } from '../clock.ts';
import type { Logger } from '../log.ts';
import { every } from './every.ts';

const EVERY_MS = 2000;
/** A probe without an answer for this long counts as failed, ms. */
const HANGING_MS = 5000;

/** Asks the database regularly: without live sessions no commit would notice that it is down. */
export class DatabaseProbe {
  readonly #check: () => Promise<void>;
  readonly #log: Logger;
  #failed = false;
  /** Since when a probe has been under way, ms of `performance.now`. */
  #since: number | undefined;

  constructor(check: () => Promise<void>, log: Logger) {
    this.#check = check;
    this.#log = log;
  }

  get isUp(): boolean {
    return !this.#failed && (this.#since === undefined || performance.now() - this.#since < HANGING_MS);
  }

  start(signal: AbortSignal, timers: Timers): void {
    every(EVERY_MS, signal, () => void this.#probe(signal), timers);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    try {
      await this.#check();
      if (this.#failed) this.#log.info('database takes writes again');
      this.#failed = false;
    } catch (error) {
      if (!this.#failed && !signal.aborted)
        this.#log.warn({ err: error }, 'database does not answer, or takes no writes');
      this.#failed = true;
    }
    this.#since = undefined;
  }
}
