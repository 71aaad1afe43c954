import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The end of the file that is read back: many notes fit in. */
const TAIL_BYTES = 64 * 1024;

/**
 * Checkpoints outside the database: notes one after the other, an empty line after each. It is only ever appended to,
 * and worth most where the database's owner cannot write.
 */
export class CheckpointFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** On disk when it resolves. */
  async append(note: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = await open(this.path, 'a', 0o600);
    try {
      // A note that a crash cut off ends here, and does not spoil the next.
      const cut = await endsInTheMiddle(file, this.path);
      await file.appendFile(`${cut ? '\n\n' : ''}${note}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** The last whole note; undefined when there is none. @throws when the file is there and cannot be read */
  async last(): Promise<string | undefined> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      return notesOf(await readTail(file)).at(-1);
    } finally {
      await file.close();
    }
  }
}

async function readTail(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
  return buffer.subarray(0, bytesRead).toString('utf8');
}

async function endsInTheMiddle(file: FileHandle, path: string): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const reader = await open(path, 'r');
  try {
    const { buffer } = await reader.read({ buffer: Buffer.alloc(2), position: Math.max(0, size - 2) });
    return buffer.toString('latin1') !== '\n\n';
  } finally {
    await reader.close();
  }
}

/** A text of three lines and more, an empty line, lines of signatures, an empty line. */
export function notesOf(text: string): string[] {
  return [...text.matchAll(/(?<=^|\n\n)([^\n]+\n\d+\n[^\n]+\n(?:[^\n]+\n)*\n(?:— [^\n]+\n)+)(?=\n)/g)].map((match) => match[1]!);
}
