import type { SignalQueue } from './signal-queue.ts';
import type { SignalStore } from './signal-store.ts';

export interface KeeperHandlers {
  /** More signals of the queue can be sent. */
  kept(): void;
  /** Another client, usually another tab, has claimed the run. */
  lost(): void;
}

/** Copies the signals of a queue to a store. Without a store, or once it has failed, they are in memory only. */
export class SignalKeeper {
  readonly #queue: SignalQueue;
  readonly #handlers: KeeperHandlers;
  #store: SignalStore | undefined;
  #claimed = false;
  #saving: Promise<void> | undefined;
  #changed = false;
  /** Stream of the sequence numbers in the queue. */
  stream: string | undefined;

  constructor(queue: SignalQueue, handlers: KeeperHandlers) {
    this.#queue = queue;
    this.#handlers = handlers;
  }

  /** Session whose signals are stored. */
  get session(): string | undefined {
    return this.#store?.session;
  }

  /** Must be called before the first signal is sent. */
  use(store: SignalStore): void {
    if (this.#store) return;
    this.#store = store;
    this.#queue.hold();
  }

  /** Makes the next `ready` claim the run again. */
  reclaim(): void {
    this.#claimed = false;
  }

  /** Called before every connection. @returns false if another client has claimed the run */
  async ready(): Promise<boolean> {
    await this.#saving;
    const store = this.#store;
    if (!store) return true;
    try {
      if (this.#claimed) return await store.owned();
      const run = await store.claim();
      this.stream = run.stream;
      this.#queue.restore({ acked: run.acked, signals: run.signals });
      this.#claimed = true;
      this.changed();
    } catch {
      this.#giveUp();
    }
    return true;
  }

  /** The queue or its stream has changed. `kept` is called once it is stored, at once without a store. */
  changed(): void {
    if (!this.#store) return this.#handlers.kept();
    this.#changed = true;
    if (this.#claimed && !this.#saving) this.#saving = this.#save(this.#store);
  }

  /** For a page that goes away: what is in the queue is stored when this returns, if the store can do that. */
  copyNow(): void {
    if (!this.#claimed || !this.#store?.copyNow) return;
    const snapshot = this.#queue.snapshot();
    if (this.#store.copyNow({ stream: this.stream, acked: snapshot.acked, signals: snapshot.signals }))
      this.#queue.keep(snapshot);
  }

  /** Deletes the run: the session is over. */
  remove(): void {
    const store = this.#store;
    this.#store = undefined;
    this.#queue.release();
    void store?.remove().catch(() => {});
  }

  async #save(store: SignalStore): Promise<void> {
    // `#saving` is assigned before the first wait, and cleared in the same step that finds nothing more to save.
    await Promise.resolve();
    try {
      while (this.#changed && this.#claimed && this.#store === store) {
        this.#changed = false;
        const snapshot = this.#queue.snapshot();
        if (!(await store.save({ stream: this.stream, acked: snapshot.acked, signals: snapshot.signals })))
          return this.#handlers.lost();
        this.#queue.keep(snapshot);
        this.#handlers.kept();
      }
    } catch {
      this.#giveUp();
    } finally {
      this.#saving = undefined;
    }
  }

  /** On a full disk, in a private window or after the user cleared site data, the exam continues without a store. */
  #giveUp(): void {
    this.remove();
    this.#handlers.kept();
  }
}
