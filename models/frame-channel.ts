import { readSync, writeSync } from 'node:fs';
import { encodeAnswer, JOB_HEADER_BYTES, readJobHeader } from './frame-wire.ts';
import type { ThreadAnswer } from './jobs.ts';
import { FACE_HINT_BYTES } from './face-hint.ts';

/** Above the server's frame limit (256 KiB). Untouched pages are never allocated. */
const MAX_FRAME_BYTES = 1024 * 1024;

export interface FrameJob {
  readonly job: number;
  /** Valid until the next read. */
  readonly jpeg: Uint8Array;
  /** Valid until the next read. */
  readonly hint: Uint8Array | undefined;
  /** Whether the eyes are measured. */
  readonly eyes: boolean;
}

/**
 * A thread's end of its socket pair. Reads block the thread, which has no other work: no event loop, copy or other
 * thread lies between the main process and the decoder.
 */
export class FrameChannel {
  readonly #fd: number;
  readonly #header = Buffer.alloc(JOB_HEADER_BYTES);
  readonly #hint = Buffer.alloc(FACE_HINT_BYTES);
  readonly #frame = Buffer.allocUnsafeSlow(MAX_FRAME_BYTES);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Waits for the next frame. @returns undefined if the other end is closed @throws Error for malformed data */
  read(): FrameJob | undefined {
    if (!this.#fill(this.#header, JOB_HEADER_BYTES)) return undefined;
    const { job, length, hintLength, eyes } = readJobHeader(this.#header);
    if (length > MAX_FRAME_BYTES) throw new Error(`a frame of ${length} bytes`);
    if (hintLength !== 0 && hintLength !== FACE_HINT_BYTES) throw new Error(`a hint of ${hintLength} bytes`);
    if (!this.#fill(this.#hint, hintLength) || !this.#fill(this.#frame, length)) return undefined;
    return { job, jpeg: this.#frame.subarray(0, length), hint: hintLength === 0 ? undefined : this.#hint, eyes };
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
