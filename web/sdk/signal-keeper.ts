import type { SignalQueue } from './signal-queue.ts';
import type { SignalStore } from './signal-store.ts';

export interface KeeperHandlers {
  /** More of the queue may be sent. */
  kept(): void;
  /** Somebody else, another tab most likely, has claimed the run. */
  lost(): void;
}

/**
 * Keeps a queue's signals in a store, where there is one and as long as it works; otherwise they are in memory only.
 */
export class SignalKeeper {
  readonly #queue: SignalQueue;
  readonly #handlers: KeeperHandlers;
  #store: SignalStore | undefined;
  #claimed = false;
  #saving: Promise<void> | undefined;
  #changed = false;
  /** The stream that the queue's numbers belong to. */
  stream: string | undefined;

  constructor(queue: SignalQueue, handlers: KeeperHandlers) {
    this.#queue = queue;
    this.#handlers = handlers;
  }

  /** The session whose signals are kept. */
  get session(): string | undefined {
    return this.#store?.session;
  }

  /** To be called before anything was sent. */
  use(store: SignalStore): void {
    if (this.#store) return;
    this.#store = store;
    this.#queue.hold();
  }

  /** The next `ready` claims the run again, whoever has it. */
  reclaim(): void {
    this.#claimed = false;
  }

  /** Before every connection. @returns false when somebody else has claimed the run meanwhile */
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

  /** The queue or its stream has changed. `kept` follows, at once or when it is stored. */
  changed(): void {
    if (!this.#store) return this.#handlers.kept();
    this.#changed = true;
    if (this.#claimed && !this.#saving) this.#saving = this.#save(this.#store);
  }

  /** The session is over. */
  remove(): void {
    const store = this.#store;
    this.#store = undefined;
    this.#queue.release();
    void store?.remove().catch(() => {});
  }

  async #save(store: SignalStore): Promise<void> {
    // Assigned to `#saving` before anything is waited for, and taken away in the same step that finds nothing more to
    // do.
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

  /** A full disk, a private window, data that the user has cleared: the exam goes on without. */
  #giveUp(): void {
    this.remove();
    this.#handlers.kept();
  }
}
