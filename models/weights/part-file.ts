import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FetchFailure } from './failure.ts';
import { leftParts, moved } from './left-parts.ts';

/** Validator with which a server checks that its file is unchanged. */
export interface Validator {
  readonly url: string;
  /** A strong ETag, or a date. */
  readonly ifRange: string;
}

let claims = 0;

/**
 * Partial file beside its target. A failed download leaves `FILE.part`; a running one has its own file,
 * `FILE.part.PID-N`, so that two cannot write into each other. A partial file is claimed by renaming it.
 */
export class PartFile {
  readonly #target: string;
  readonly #path: string;
  readonly #handle: FileHandle;
  #size: number;
  #validator: Validator | undefined;

  private constructor(
    target: string,
    path: string,
    handle: FileHandle,
    size: number,
    validator: Validator | undefined,
  ) {
    this.#target = target;
    this.#path = path;
    this.#handle = handle;
    this.#size = size;
    this.#validator = validator;
  }

  /** Resumes an earlier download or starts an empty one. */
  static async claim(target: string): Promise<PartFile> {
    return writing(async () => {
      await mkdir(dirname(target), { recursive: true });
      const path = `${target}.part.${process.pid}-${(claims += 1)}`;
      for (const left of await leftParts(target)) {
        if (await moved(left, path)) {
          await moved(validatorOf(left), validatorOf(path));
          break;
        }
      }
      const handle = await open(path, 'a+');
      return new PartFile(target, path, handle, (await handle.stat()).size, await readValidator(path));
    });
  }

  get size(): number {
    return this.#size;
  }

  get validator(): Validator | undefined {
    return this.#validator;
  }

  /** Restarts. */
  async reset(validator: Validator | undefined): Promise<void> {
    await writing(async () => {
      await this.#handle.truncate(0);
      this.#size = 0;
      this.#validator = validator;
      if (validator) await writeFile(validatorOf(this.#path), JSON.stringify(validator));
      else await rm(validatorOf(this.#path), { force: true });
    });
  }

  async append(bytes: Uint8Array): Promise<void> {
    await writing(() => this.#handle.appendFile(bytes));
    this.#size += bytes.length;
  }

  async read(): Promise<Uint8Array> {
    return readFile(this.#path);
  }

  /** Releases the partial file for the next download. */
  async leave(): Promise<void> {
    if (this.#size === 0) return this.discard();
    await this.#handle.close();
    const left = `${this.#target}.part`;
    await moved(this.#path, left);
    if (!(await moved(validatorOf(this.#path), validatorOf(left)))) await rm(validatorOf(left), { force: true });
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
    await rm(validatorOf(this.#path), { force: true });
  }

  /**
   * Writes these bytes, the downloaded ones unless converted, to the target: complete and synced to disk, or not at
   * all.
   */
  async finish(made?: Uint8Array): Promise<void> {
    await writing(async () => {
      if (made) {
        await this.#handle.truncate(0);
        await this.#handle.appendFile(made);
      }
      await this.#handle.sync();
      await rename(this.#path, this.#target);
      await syncFolder(dirname(this.#target));
    });
    await this.discard();
  }
}

const validatorOf = (path: string): string => `${path}.validator`;

async function readValidator(path: string): Promise<Validator | undefined> {
  try {
    return JSON.parse(await readFile(validatorOf(path), 'utf8')) as Validator;
  } catch {
    return undefined;
  }
}

/** The new name is durable only with its folder. Some systems cannot sync one. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FetchFailure) throw cause;
    throw new FetchFailure('cannot_write', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
