import { write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputDescriptor } from './output-descriptor.ts';

/** Lines waiting in memory, bytes. */
const MAX_BYTES = 1024 * 1024;
/** One write, bytes: a pipe's capacity. */
const BATCH_BYTES = 64 * 1024;
/** Retry delays of a full pipe, and of a failed write, ms. */
const FULL_MS = { first: 10, most: 250 } as const;
const FAILED_MS = 500;
/** A reader that takes nothing for this long is no longer just slow, ms. */
const STALLED_MS = 2000;
/** Between attempts of a synchronous flush, ms. */
const PAUSE_MS = 5;

/** State of the log's destination. */
export interface LogOutput {
  /** False while the destination takes nothing, and until the loss of lines has been reported. */
  readonly isUp: boolean;
  /** Lines lost since the start. */
  readonly lost: number;
}

export interface LineWriterOptions {
  readonly maxBytes?: number;
  /** Writes a line about lines that were lost: the destination takes lines again. */
  readonly onLost?: (lines: number) => void;
}

const isFull = (error: NodeJS.ErrnoException) => error.code === 'EAGAIN' || error.code === 'EBUSY';

/**
 * Writes lines to a descriptor without ever making the caller wait: the server goes on whatever happens to its log. Up
 * to a bound, lines wait for a destination that is full, broken or not read; further ones are lost and counted. A line
 * is written whole or not at all.
 */
export class LineWriter implements LogOutput {
  readonly #output: OutputDescriptor;
  readonly #maxBytes: number;
  /** Set once there is a log. */
  onLost: (lines: number) => void;
  #lines: string[] = [];
  /** Bytes of `#lines` and `#rest`. */
  #bytes = 0;
  /** Bytes under way: the unwritten part of a batch. */
  #rest: Buffer = Buffer.alloc(0);
  /** A thread is writing. */
  #isBusy = false;
  /** A turn or a timer will write. */
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;
  #delay: number = FULL_MS.first;
  #failed = false;
  /** Since when nothing was taken, ms of `performance.now`. */
  #waitsSince: number | undefined;
  #lost = 0;
  #reported = 0;
  #isReporting = false;

  constructor(output: OutputDescriptor, { maxBytes = MAX_BYTES, onLost = () => {} }: LineWriterOptions = {}) {
    this.#output = output;
    this.#maxBytes = maxBytes;
    this.onLost = onLost;
  }

  get isUp(): boolean {
    return !this.#failed && !this.#isStalled && this.#lost === this.#reported;
  }

  get lost(): number {
    return this.#lost;
  }

  get #isStalled(): boolean {
    return this.#waitsSince !== undefined && performance.now() - this.#waitsSince > STALLED_MS;
  }

  /** A thread waits for a reader, perhaps for ever: the process cannot exit, only be killed. */
  get hangs(): boolean {
    return this.#isBusy && this.#output.mayHang;
  }

  /** Takes one line, with its line break. Neither waits nor throws. */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > this.#maxBytes && !this.#isReporting) {
      this.#lost += 1;
      return;
    }
    this.#lines.push(line);
    this.#bytes += bytes;
    if (this.#isDue || this.#isBusy) return;
    this.#isDue = true;
    // All lines of a turn in one write.
    setImmediate(() => this.#pump());
  }

  /** Resolves when everything is written, when the destination fails, or when time is up. */
  async flush(timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    this.#pump();
    while (this.#bytes > 0 && !this.#failed && performance.now() < until) {
      await sleep(PAUSE_MS);
      this.#pump();
    }
  }

  /** The same for the end of the process, without other work in between. */
  flushNow(timeoutMs: number): void {
    const until = performance.now() + timeoutMs;
    // What a thread is writing will be written by it.
    if (this.#isBusy) this.#took(this.#rest.length);
    while (this.#bytes > 0) {
      try {
        this.#took(writeSync(this.#output.fd, this.#batch()));
      } catch (error) {
        if (!isFull(error as NodeJS.ErrnoException) || performance.now() >= until) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  }

  /** Writes until nothing is left or nothing is taken. */
  #pump(): void {
    clearTimeout(this.#timer);
    this.#isDue = false;
    while (this.#bytes > 0 && !this.#isBusy && !this.#isDue) {
      const batch = this.#batch();
      if (this.#output.mayBlock) {
        this.#isBusy = true;
        this.#waitsSince ??= performance.now();
        write(this.#output.fd, batch, (error, written) => {
          this.#isBusy = false;
          this.#settle(error, written);
          if (!this.#isDue) this.#pump();
        });
      } else
        try {
          this.#settle(null, writeSync(this.#output.fd, batch));
        } catch (error) {
          this.#settle(error as NodeJS.ErrnoException, 0);
        }
    }
  }

  #settle(error: NodeJS.ErrnoException | null, written: number): void {
    if (!error && written > 0) {
      this.#took(written);
      this.#failed = false;
      this.#waitsSince = undefined;
      this.#delay = FULL_MS.first;
      if (this.#lost > this.#reported && this.#bytes <= this.#maxBytes / 2) this.#report();
      return;
    }
    this.#waitsSince ??= performance.now();
    const isFailure = error !== null && !isFull(error);
    if (isFailure) this.#failed = true;
    this.#isDue = true;
    this.#timer = setTimeout(() => this.#pump(), isFailure ? FAILED_MS : this.#delay).unref();
    this.#delay = Math.min(FULL_MS.most, this.#delay * 2);
  }

  /** Follows the lines that came before the lost ones. */
  #report(): void {
    const lines = this.#lost - this.#reported;
    this.#reported = this.#lost;
    this.#isReporting = true;
    try {
      this.onLost(lines);
    } finally {
      this.#isReporting = false;
    }
  }

  #batch(): Buffer {
    if (this.#rest.length > 0) return this.#rest;
    let count = 0;
    let bytes = 0;
    while (count < this.#lines.length && bytes < BATCH_BYTES) bytes += this.#lines[count++]!.length;
    this.#rest = Buffer.from(this.#lines.splice(0, count).join(''));
    return this.#rest;
  }

  #took(bytes: number): void {
    this.#rest = this.#rest.subarray(bytes);
    this.#bytes -= bytes;
  }
}
