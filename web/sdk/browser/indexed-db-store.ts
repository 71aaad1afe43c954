import type { SignalStore, StoredRun } from '../signal-store.ts';
import { RunCopy } from './run-copy.ts';

const DATABASE = 'invigil';
/** Owner of each run: `{owner, at}` by key. Separate from the runs, so that checking does not read them. */
const LEASES = 'leases';
const RUNS = 'runs';
/** Abandoned runs are removed after this long, ms. */
const KEEP_MS = 7 * 24 * 3600_000;
/** Some browsers never answer; the exam must not wait for that. ms */
const TIMEOUT_MS = 5_000;

interface Lease {
  readonly owner: string;
  /** Last use, ms since 1970. */
  readonly at: number;
}

const NOTHING: StoredRun = { stream: undefined, acked: 0, signals: [] };

/**
 * Stores signals in IndexedDB, one run per server and session. Every write checks the lease of this page in the same
 * transaction. All methods reject if the database does not work.
 */
export class IndexedDbStore implements SignalStore {
  readonly session: string;
  readonly #key: string;
  readonly #copy: RunCopy;
  readonly #owner = `${Date.now()}-${Math.random()}`;
  #database: Promise<IDBDatabase> | undefined;

  /** @param server URL of the server */
  constructor(server: string, session: string) {
    this.session = session;
    this.#key = `${server} ${session}`;
    this.#copy = new RunCopy(this.#key);
  }

  async claim(): Promise<StoredRun> {
    // Newer than the database: the last page made it in its last moment.
    const copy = this.#copy.read();
    const run = await this.#transact<StoredRun>('readwrite', (leases, runs, done) => {
      const at = Date.now();
      leases.put({ owner: this.#owner, at } satisfies Lease, this.#key);
      removeOlder(leases, runs, at - KEEP_MS);
      const found = runs.get(this.#key) as IDBRequest<StoredRun | undefined>;
      if (copy) runs.put(copy, this.#key);
      found.onsuccess = () => done(copy ?? found.result ?? NOTHING);
    });
    this.#copy.remove();
    return run;
  }

  owned(): Promise<boolean> {
    return this.#transact('readonly', (leases, _runs, done) => this.#ask(leases, done));
  }

  async save(run: StoredRun): Promise<boolean> {
    const copies = this.#copy.made;
    const saved = await this.#transact<boolean>('readwrite', (leases, runs, done) =>
      this.#ask(leases, (mine) => {
        done(mine);
        if (!mine) return;
        leases.put({ owner: this.#owner, at: Date.now() } satisfies Lease, this.#key);
        runs.put(run, this.#key);
        // Without this, a page that is closed in the next moment aborts the transaction.
        runs.transaction.commit();
      }),
    );
    // The page did not go away after all, and the database is newer than the copy.
    if (saved && copies > 0 && copies === this.#copy.made) this.#copy.remove();
    return saved;
  }

  copyNow(run: StoredRun): boolean {
    return this.#copy.write(run);
  }

  remove(): Promise<void> {
    this.#copy.remove();
    return this.#transact('readwrite', (leases, runs, done) =>
      this.#ask(leases, (mine) => {
        done();
        if (!mine) return;
        leases.delete(this.#key);
        runs.delete(this.#key);
      }),
    );
  }

  /** A missing lease counts as this page's: the user may have cleared the site data. */
  #ask(leases: IDBObjectStore, answer: (mine: boolean) => void): void {
    const found = leases.get(this.#key) as IDBRequest<Lease | undefined>;
    found.onsuccess = () => answer(found.result === undefined || found.result.owner === this.#owner);
  }

  /** Resolves with the value passed to `done` once the transaction is committed. */
  async #transact<T>(
    mode: IDBTransactionMode,
    work: (leases: IDBObjectStore, runs: IDBObjectStore, done: (value: T) => void) => void,
  ): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('IndexedDB timed out')), TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.#run(mode, work), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #run<T>(
    mode: IDBTransactionMode,
    work: (leases: IDBObjectStore, runs: IDBObjectStore, done: (value: T) => void) => void,
  ): Promise<T> {
    this.#database ??= this.#open();
    const database = await this.#database;
    return new Promise<T>((resolve, reject) => {
      const transaction = database.transaction([LEASES, RUNS], mode);
      let value: T;
      transaction.oncomplete = () => resolve(value);
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB transaction aborted'));
      work(transaction.objectStore(LEASES), transaction.objectStore(RUNS), (given) => (value = given));
    });
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(LEASES);
        request.result.createObjectStore(RUNS);
      };
      request.onerror = () => reject(request.error ?? new Error('IndexedDB is not available'));
      request.onsuccess = () => {
        const database = request.result;
        // Another page wants to upgrade or delete the database.
        database.onversionchange = () => database.close();
        database.onclose = () => (this.#database = undefined);
        resolve(database);
      };
    });
  }
}

function removeOlder(leases: IDBObjectStore, runs: IDBObjectStore, before: number): void {
  const cursor = leases.openCursor();
  cursor.onsuccess = () => {
    const at = cursor.result;
    if (!at) return;
    if ((at.value as Lease).at < before) {
      runs.delete(at.key);
      at.delete();
    }
    at.continue();
  };
}
