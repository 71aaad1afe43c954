import type { Logger } from '../../log.ts';

/** Delay between attempts to end one session, ms. */
const RETRY_MS = { first: 60_000, most: 3_600_000 } as const;
/** Sessions per sweep, and concurrently: each waits for a commit, which they share. */
const LIMIT = 200;
const AT_ONCE = 20;

export interface OverdueParts {
  /** Ids of running sessions that are to end: past their deadline, or paused too long; not these; at most `limit`. */
  readonly find: (now: Date, limit: number, except: readonly string[]) => Promise<readonly string[]>;
  /** Ends one. @throws what keeps it from ending */
  readonly end: (id: string) => Promise<void>;
  readonly log: Logger;
}

interface Failure {
  readonly delayMs: number;
  /** Server ms. */
  readonly retryAt: number;
}

/**
 * Ends sessions that no process holds past their deadline, or the longest pause. One that cannot be ended is skipped for a time and delays no
 * other.
 */
export class OverdueSessions {
  readonly #parts: OverdueParts;
  readonly #failures = new Map<string, Failure>();
  #running = false;

  constructor(parts: OverdueParts) {
    this.#parts = parts;
  }

  /** Never rejects. One that is still under way is not begun again. */
  async sweep(now: number): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      // A clock that was set back must not keep one waiting.
      const waiting = [...this.#failures]
        .filter(([, { retryAt, delayMs }]) => now < retryAt && retryAt - now <= delayMs)
        .map(([id]) => id);
      const overdue = await this.#parts.find(new Date(now), LIMIT, waiting);
      for (let from = 0; from < overdue.length; from += AT_ONCE)
        await Promise.all(overdue.slice(from, from + AT_ONCE).map((id) => this.#end(id, now)));
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'sweeping overdue sessions failed');
    } finally {
      this.#running = false;
    }
  }

  async #end(id: string, now: number): Promise<void> {
    try {
      await this.#parts.end(id);
      this.#failures.delete(id);
    } catch (error) {
      const before = this.#failures.get(id);
      const delayMs = before ? Math.min(RETRY_MS.most, 2 * before.delayMs) : RETRY_MS.first;
      this.#failures.set(id, { delayMs, retryAt: now + delayMs });
      // Logged as an error once: it is retried for as long as this process runs.
      if (!before) this.#parts.log.error({ err: error, session: id }, 'an overdue session cannot be ended; will retry');
      else this.#parts.log.debug({ err: error, session: id }, 'an overdue session still cannot be ended');
    }
  }
}
