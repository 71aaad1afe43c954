import { readSync, writeSync } from 'node:fs';
import { encodeAnswer, JOB_HEADER_BYTES, readJobHeader } from './frame-wire.ts';
import type { ThreadAnswer } from './jobs.ts';
import { TRACE_BYTES } from './trace.ts';

/** Above the largest frame that the server takes (256 KiB). Pages that no frame reaches are never touched. */
const MAX_FRAME_BYTES = 1024 * 1024;

export interface FrameJob {
  readonly job: number;
  /** Valid until the next one is read. */
  readonly jpeg: Uint8Array;
  /** As is this. */
  readonly trace: Uint8Array | undefined;
}

/**
 * A thread's end of its socket pair. Reading blocks the thread, which has nothing else to do: no event loop, no copy
 * and no other thread stands between the main process and the decoder.
 */
export class FrameChannel {
  readonly #fd: number;
  readonly #header = Buffer.alloc(JOB_HEADER_BYTES);
  readonly #trace = Buffer.alloc(TRACE_BYTES);
  readonly #frame = Buffer.allocUnsafeSlow(MAX_FRAME_BYTES);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Waits for the next frame. @returns undefined when the other end is closed @throws Error when it sends nonsense */
  read(): FrameJob | undefined {
    if (!this.#fill(this.#header, JOB_HEADER_BYTES)) return undefined;
    const { job, length, traceLength } = readJobHeader(this.#header);
    if (length > MAX_FRAME_BYTES) throw new Error(`a frame of ${length} bytes`);
    if (traceLength !== 0 && traceLength !== TRACE_BYTES) throw new Error(`a trace of ${traceLength} bytes`);
    if (!this.#fill(this.#trace, traceLength) || !this.#fill(this.#frame, length)) return undefined;
    return { job, jpeg: this.#frame.subarray(0, length), trace: traceLength === 0 ? undefined : this.#trace };
  }

  write(answer: ThreadAnswer): void {
    const bytes = encodeAnswer(answer);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
  }

  #fill(into: Buffer, length: number): boolean {
    for (let at = 0; at < length;) {
      const read = readSync(this.#fd, into, at, length - at, null);
      if (read === 0) return false;
      at += read;
    }
    return true;
  }
}
