import type { WriteStream } from 'node:tty';

/** Progress of a download on one overwritten line. Silent if the output is not a terminal. */
export class Progress {
  readonly #out: WriteStream;
  readonly #name: string;
  readonly #began = performance.now();
  #first: number | undefined;

  constructor(out: WriteStream, name: string) {
    this.#out = out;
    this.#name = name;
  }

  show(received: number, total: number): void {
    if (!this.#out.isTTY) return;
    // Bytes of an earlier download do not count for the speed of this one.
    this.#first ??= received;
    const seconds = (performance.now() - this.#began) / 1000;
    const percent = Math.floor((received / total) * 100);
    const speed = (received - this.#first) / 1e6 / Math.max(seconds, 0.001);
    this.#out.write(`\r${this.#name}  ${String(percent).padStart(3)} %  ${speed.toFixed(1)} MB/s`);
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001B[K');
  }
}
