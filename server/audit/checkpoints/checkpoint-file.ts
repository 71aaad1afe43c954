import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { NoteSplitter } from './note-splitter.ts';

/** Tail of the file that is read back, bytes: room for many notes. */
const TAIL_BYTES = 64 * 1024;
/** Block size, bytes. Notes of a block are checked in one turn of the event loop: about 60, 0.1 ms each. */
const BLOCK_BYTES = 16 * 1024;
/** Written after a note truncated by a crash; with spaces in it, it cannot be read as a signature line. */
const CUT = ' (cut off)\n\n';

/**
 * Checkpoints outside the database: notes, each followed by an empty line. The file is append-only and should be where
 * the database's owner cannot write.
 */
export class CheckpointFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Appends a note; resolves once it is on disk. */
  async append(note: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'a', 0o600);
    try {
      await file.appendFile(`${await this.#endOfLast(file)}${note}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Last complete note, if any. @throws if the file exists and cannot be read */
  async last(): Promise<string | undefined> {
    const file = await openIfThere(this.path);
    try {
      return file && notesOf(await readTail(file)).at(-1);
    } finally {
      await file?.close();
    }
  }

  /** Complete notes, oldest first, up to the current end. @throws if the file exists and cannot be read */
  async notes(): Promise<AsyncIterable<string>> {
    try {
      return readNotes(this.path, (await stat(this.path)).size);
    } catch (error) {
      if (isMissing(error)) return readNotes(this.path, 0);
      throw error;
    }
  }

  /** Separator before the next note, so that a truncated one does not corrupt it. */
  async #endOfLast(appended: FileHandle): Promise<string> {
    if ((await appended.stat()).size === 0) return '';
    const file = await open(this.path, 'r');
    try {
      const tail = await readTail(file);
      if (tail.endsWith('\n\n')) return '';
      return tail.endsWith('\n') && isSignatures(tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1, -1))
        ? '\n'
        : CUT;
    } finally {
      await file.close();
    }
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readTail(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
  return buffer.subarray(0, bytesRead).toString('utf8');
}

/** @param to bytes */
async function* readNotes(path: string, to: number): AsyncGenerator<string, void, undefined> {
  if (to === 0) return;
  const file = await open(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const splitter = new NoteSplitter();
    for (let at = 0; at < to;) {
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(Math.min(BLOCK_BYTES, to - at)),
        position: at,
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      yield* splitter.push(decoder.write(buffer.subarray(0, bytesRead))).filter(isWhole);
    }
  } finally {
    await file.close();
  }
}

const isSignatures = (text: string) => /^— \S+ \S+(?:\n— \S+ \S+)*$/.test(text);

/** At least three lines of text, an empty line, signature lines. */
function isWhole(note: string): boolean {
  const [text, signatures, ...more] = note.split('\n\n');
  return (
    /^[^\n]+\n\d+\n[^\n]+(?:\n[^\n]+)*$/.test(text!) &&
    signatures !== undefined &&
    isSignatures(signatures.slice(0, -1)) &&
    more.length === 0
  );
}

/**
 * Complete notes, each with its terminating empty line. Everything else is skipped, and so is the last note while it
 * may be incomplete.
 */
export const notesOf = (text: string): string[] => new NoteSplitter().push(text).filter(isWhole);
