import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCK = 64 * 1024;

/** A pipe whose reading end is read on demand. */
export class NamedPipe {
  readonly path = join(mkdtempSync(join(tmpdir(), 'invigil-pipe-')), 'pipe');
  #reader: number;
  /** Descriptor of the writing end; never waits. */
  readonly writer: number;

  constructor() {
    execFileSync('mkfifo', [this.path]);
    this.#reader = this.#open(constants.O_RDONLY);
    this.writer = this.#open(constants.O_WRONLY);
  }

  #open(flags: number): number {
    return openSync(this.path, flags | constants.O_NONBLOCK);
  }

  /** Fills it as other writers would. */
  fill(): void {
    try {
      for (;;) writeSync(this.writer, Buffer.alloc(4096));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }

  /** Everything in it, without the filling. */
  take(): string {
    const buffer = Buffer.alloc(BLOCK);
    let text = '';
    for (;;)
      try {
        const bytes = readSync(this.#reader, buffer);
        if (bytes === 0) return text;
        text += buffer.toString('utf8', 0, bytes).replaceAll('\0', '');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        return text;
      }
  }

  closeReader(): void {
    closeSync(this.#reader);
  }

  reopenReader(): void {
    this.#reader = this.#open(constants.O_RDONLY);
  }

  remove(): void {
    closeSync(this.writer);
    rmSync(join(this.path, '..'), { recursive: true });
  }
}
