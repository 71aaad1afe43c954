import type { Timers } from '../clock.ts';
import type { Logger } from '../log.ts';
import { every } from './every.ts';

const EVERY_MS = 2000;
/** A probe without an answer for this long counts as failed, ms. */
const HANGING_MS = 5000;

/** Asks the database regularly: without live sessions no commit would notice that it is down. */
export class DatabaseProbe {
  readonly #check: (() => Promise<void>) | undefined;
  readonly #log: Logger;
  #failed = false;
  /** Since when a probe has been under way, ms of `performance.now`. */
  #since: number | undefined;

  /** @param check undefined for the embedded database, whose failure ends the process */
  constructor(check: (() => Promise<void>) | undefined, log: Logger) {
    this.#check = check;
    this.#log = log;
  }

  get isUp(): boolean {
    return !this.#failed && (this.#since === undefined || performance.now() - this.#since < HANGING_MS);
  }

  start(signal: AbortSignal, timers: Timers): void {
    const check = this.#check;
    if (check) every(EVERY_MS, signal, () => void this.#probe(check, signal), timers);
  }

  async #probe(check: () => Promise<void>, signal: AbortSignal): Promise<void> {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    try {
      await check();
      if (this.#failed) this.#log.info('database answers again');
      this.#failed = false;
    } catch (error) {
      if (!this.#failed && !signal.aborted) this.#log.warn({ err: error }, 'database does not answer');
      this.#failed = true;
    }
    this.#since = undefined;
  }
}
