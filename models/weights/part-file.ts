import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FetchFailure } from './failure.ts';
import { leftParts, moved } from './left-parts.ts';

/** Tells a server whether its file is still the one that a part came from. */
export interface Validator {
  readonly url: string;
  /** A strong ETag, or a date. */
  readonly ifRange: string;
}

let claims = 0;

/**
 * The part of a file that has arrived, beside its target. A download that failed leaves `FILE.part`; one that is under
 * way has a file of its own, `FILE.part.PID-N`, so that two of them cannot write into each other. Whoever continues a
 * part takes it by renaming it.
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

  /** Continues what an earlier download left, or begins an empty one. */
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

  /** Begins again. */
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

  /** For the next download to continue. */
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
   * Puts these bytes, which are what arrived unless something was made of it, in the target's place: whole and on disk,
   * or not at all.
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

/** The new name is on disk only with its folder. Some systems cannot sync one. */
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
