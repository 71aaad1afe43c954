import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignalStore, StoredRun } from '../signal-store.ts';

interface Kept {
  readonly owner: string;
  readonly run: StoredRun;
}

const NOTHING: StoredRun = { stream: undefined, acked: 0, signals: [] };

/**
 * Stores signals of a Node program in one file per server and session. A run survives the end of the process and a power
 * failure once `save` has resolved: it is written to a new file, synced, and renamed over the old one, and the folder is
 * synced. Of two processes with one session, the last one to claim it continues; they must not claim it simultaneously.
 */
export class FileStore implements SignalStore {
  readonly session: string;
  readonly #folder: string;
  readonly #path: string;
  readonly #owner: string = randomUUID();

  /** @param folder created if missing, readable by its owner only */
  constructor(folder: string, server: string, session: string) {
    this.session = session;
    this.#folder = folder;
    const name = createHash('sha256').update(`${server} ${session}`).digest('hex').slice(0, 32);
    this.#path = join(folder, `${name}.json`);
  }

  async claim(): Promise<StoredRun> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const run = (await this.#read())?.run ?? NOTHING;
    await this.#write(run);
    return run;
  }

  async owned(): Promise<boolean> {
    const kept = await this.#read();
    return kept === undefined || kept.owner === this.#owner;
  }

  async save(run: StoredRun): Promise<boolean> {
    if (!(await this.owned())) return false;
    await this.#write(run);
    return true;
  }

  async remove(): Promise<void> {
    if (await this.owned()) await rm(this.#path, { force: true });
  }

  /** Undefined if there is no file. An unreadable file is an error, since it can contain signals. */
  async #read(): Promise<Kept | undefined> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #write(run: StoredRun): Promise<void> {
    const beside = `${this.#path}.${this.#owner}`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ owner: this.#owner, run } satisfies Kept));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
