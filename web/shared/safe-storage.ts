import { basePath } from './base-path.ts';

/** Part of `Storage` that the pages use. */
export type SafeStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** In memory, for browsers whose user has blocked site data: everything works until the page is closed. */
class MemoryStorage implements SafeStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

/** A storage that may be full: values that do not fit are kept in memory. */
class FullStorage implements SafeStorage {
  readonly #storage: SafeStorage;
  readonly #rest = new MemoryStorage();

  constructor(storage: SafeStorage) {
    this.#storage = storage;
  }

  getItem(key: string): string | null {
    return this.#rest.getItem(key) ?? this.#storage.getItem(key);
  }

  setItem(key: string, value: string): void {
    // The value before must not come back after a reload.
    this.removeItem(key);
    try {
      this.#storage.setItem(key, value);
    } catch {
      this.#rest.setItem(key, value);
    }
  }

  removeItem(key: string): void {
    this.#rest.removeItem(key);
    this.#storage.removeItem(key);
  }
}

/** Installations under other prefixes share the origin, and with it the storage. */
class OwnStorage implements SafeStorage {
  readonly #storage: SafeStorage;

  constructor(storage: SafeStorage) {
    this.#storage = storage;
  }

  getItem = (key: string): string | null => this.#storage.getItem(`${basePath} ${key}`);
  setItem = (key: string, value: string): void => this.#storage.setItem(`${basePath} ${key}`, value);
  removeItem = (key: string): void => this.#storage.removeItem(`${basePath} ${key}`);
}

const PROBE = 'invigil.probe';

/** The browser's storage, if it can be written; reading the property alone throws where site data is blocked. */
function working(find: () => Storage): SafeStorage {
  try {
    const storage = find();
    storage.setItem(PROBE, '');
    storage.removeItem(PROBE);
    return basePath === '' ? new FullStorage(storage) : new OwnStorage(new FullStorage(storage));
  } catch {
    return new MemoryStorage();
  }
}

let tab: SafeStorage | undefined;
let browser: SafeStorage | undefined;

/** Kept until the tab is closed. */
export const tabStorage = (): SafeStorage => (tab ??= working(() => sessionStorage));

/** Kept in this browser. */
export const browserStorage = (): SafeStorage => (browser ??= working(() => localStorage));
