import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UUID } from '../../protocol/uuid.ts';
import type { EvidenceStore } from './store.ts';

const KEY = new RegExp(`^${UUID}$`);
/** Folder of half-written files. */
const UNFINISHED = 'unfinished';
const UNFINISHED_MS = 3_600_000;

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Objects as files in a folder, two levels below it: 65,536 folders by the last two bytes of the key, which are random
 * in UUIDs of every version. Files 0600, folders 0700.
 */
export class FolderStore implements EvidenceStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key);
    const temporary = join(this.#root, UNFINISHED, randomUUID());
    await mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      const folder = dirname(path);
      const made = await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(temporary, path);
      // The names have to last, too: a row must not be there without its object.
      await sync(folder);
      if (made !== undefined) for (const parent of [dirname(folder), this.#root]) await sync(parent);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async *list(): AsyncIterable<{ key: string; storedAt: number }> {
    await this.#removeUnfinished();
    for (const first of await this.#names(this.#root)) {
      if (first === UNFINISHED) continue;
      for (const second of await this.#names(join(this.#root, first))) {
        for (const key of await this.#names(join(this.#root, first, second))) {
          const storedAt = KEY.test(key) ? await this.#storedAt(join(this.#root, first, second, key)) : undefined;
          if (storedAt !== undefined) yield { key, storedAt };
        }
      }
    }
  }

  async #removeUnfinished(): Promise<void> {
    for (const name of await this.#names(join(this.#root, UNFINISHED))) {
      const path = join(this.#root, UNFINISHED, name);
      const writtenAt = await this.#storedAt(path);
      if (writtenAt !== undefined && Date.now() - writtenAt > UNFINISHED_MS) await rm(path, { force: true });
    }
  }

  /** Undefined when it was removed meanwhile. */
  async #storedAt(path: string): Promise<number | undefined> {
    try {
      return (await stat(path)).mtimeMs;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #names(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
      throw error;
    }
  }

  #path(key: string): string {
    if (!KEY.test(key)) throw new RangeError('keys of evidence are UUIDs');
    return join(this.#root, key.slice(-4, -2), key.slice(-2), key);
  }
}
