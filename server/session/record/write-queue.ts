import { isContentFault } from '../../../db/content-fault.ts';
import { withDeadline } from '../../deadline.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import { Backlog, type Pressure } from './backlog.ts';
import type { GroupWriter } from './group-writer.ts';
import type { QueuedWrite } from './queued-write.ts';

/**
 * Entries of one transaction, at most: on the embedded database all other work waits for it. A repeated transaction
 * never has fewer: its totals may be stored already, and must not go back.
 */
const MAX_BATCH = 500;
/** A commit without an answer for this long counts as failed: the database hangs, ms. */
const HANGING_MS = 5000;
const RETRY_MS = { first: 100, most: 2000 } as const;

/**
 * Group commit: the only writer of live sessions in this process. Entries that arrive during a transaction are written
 * by the next one. While the database is down entries wait, in order, and nothing is acknowledged.
 */
export class WriteQueue {
  readonly #writer: GroupWriter;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #backlog: Backlog;
  #waiting: QueuedWrite[] = [];
  #running: Promise<void> | undefined;
  #away = false;
  #stopped = false;
  /** Since when a commit has been under way, ms of `performance.now`. */
  #since: number | undefined;

  constructor(writer: GroupWriter, log: Logger, metrics: Metrics, backlog: Backlog = new Backlog()) {
    this.#writer = writer;
    this.#log = log;
    this.#metrics = metrics;
    this.#backlog = backlog;
  }

  /** False from the first failed commit to the next good one, and while one hangs. */
  get storeIsThere(): boolean {
    return !this.#away && (this.#since === undefined || performance.now() - this.#since < HANGING_MS);
  }

  /** Pressure of the waiting writes on frames and signals (rule S9). */
  get pressure(): Pressure {
    return this.#backlog.pressure;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  append(entry: QueuedWrite): void {
    this.#waiting.push(entry);
    this.#backlog.add(entry);
    this.#metrics.journalWaiting.set(this.#waiting.length);
    this.#running ??= this.#run();
  }

  /** Resolves when everything appended so far is committed or refused, or when time is up. @returns whether it is */
  async drain(timeoutMs: number): Promise<boolean> {
    await withDeadline(this.#whenIdle(), timeoutMs);
    return this.#running === undefined;
  }

  /** Stops retrying; entries that still wait were never acknowledged. */
  stop(): void {
    this.#stopped = true;
  }

  async #whenIdle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the rest of this turn's entries join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    let delay: number = RETRY_MS.first;
    while (this.#waiting.length > 0 && !this.#stopped) {
      const batch = this.#waiting.slice(0, MAX_BATCH);
      this.#since = performance.now();
      try {
        await this.#commit(batch);
        if (this.#away) this.#log.info('database is up again');
        this.#away = false;
        delay = RETRY_MS.first;
      } catch (error) {
        if (isContentFault(error)) {
          await this.#commitApart(batch);
          continue;
        }
        if (!this.#away)
          this.#log.error({ err: error }, 'database is down; nothing is acknowledged until it is up again');
        this.#away = true;
        this.#metrics.commits.inc({ result: 'failed' });
        await new Promise((resolve) => setTimeout(resolve, delay));
        delay = Math.min(RETRY_MS.most, delay * 2);
      }
    }
    this.#since = undefined;
    this.#running = undefined;
  }

  async #commit(batch: readonly QueuedWrite[]): Promise<void> {
    const started = performance.now();
    const written = await this.#write(batch);
    this.#metrics.commitTime.observe((performance.now() - started) / 1000);
    this.#metrics.commits.inc({ result: 'ok' });
    this.#waiting.splice(0, batch.length);
    this.#backlog.remove(batch);
    this.#metrics.journalWaiting.set(this.#waiting.length);
    for (const entry of batch) this.#settle(entry, written.has(entry) ? undefined : 'fenced');
  }

  /** @returns the entries that were written; the sessions of the others have another owner */
  async #write(batch: readonly QueuedWrite[]): Promise<ReadonlySet<QueuedWrite>> {
    const { written, events } = await this.#writer.write(batch);
    this.#metrics.eventsCommitted.inc(events);
    return written;
  }

  /** One session's content must not stop the others: each session gets its own transaction, once. */
  async #commitApart(batch: readonly QueuedWrite[]): Promise<void> {
    for (const id of new Set(batch.map((entry) => entry.totals.id))) {
      const own = batch.filter((entry) => entry.totals.id === id);
      let written: ReadonlySet<QueuedWrite> | undefined;
      try {
        written = await this.#write(own);
      } catch (error) {
        // Not a fault of the content: the ordinary retry takes the rest.
        if (!isContentFault(error)) return;
        this.#log.error({ err: error, session: id }, 'session cannot be stored');
      }
      const done = new Set(own);
      this.#waiting = this.#waiting.filter((entry) => !done.has(entry));
      this.#backlog.remove(own);
      for (const entry of own)
        this.#settle(entry, written ? (written.has(entry) ? undefined : 'fenced') : 'unstorable');
    }
  }

  #settle(entry: QueuedWrite, refusal: 'fenced' | 'unstorable' | undefined): void {
    try {
      if (refusal) entry.refused(refusal);
      else entry.committed();
    } catch (error) {
      this.#log.error({ err: error, session: entry.totals.id }, 'handling a commit failed');
    }
  }
}
