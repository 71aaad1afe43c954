import type { StoredRun } from '../signal-store.ts';

/**
 * Copy of a run in local storage, which is written synchronously: a page that goes away has no time for IndexedDB. Does
 * nothing where site data is blocked.
 */
export class RunCopy {
  readonly #key: string;
  /** Number of copies made by this page. */
  made = 0;

  constructor(key: string) {
    this.#key = `invigil ${key}`;
  }

  /** @returns false if it is not stored */
  write(run: StoredRun): boolean {
    try {
      localStorage.setItem(this.#key, JSON.stringify(run));
      this.made += 1;
      return true;
    } catch {
      return false;
    }
  }

  read(): StoredRun | undefined {
    try {
      const run = JSON.parse(localStorage.getItem(this.#key) ?? 'null') as Partial<StoredRun> | null;
      if (typeof run?.acked !== 'number' || !Array.isArray(run.signals)) return undefined;
      return { stream: run.stream, acked: run.acked, signals: run.signals };
    } catch {
      return undefined;
    }
  }

  remove(): void {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Blocked: there is none.
    }
  }
}
