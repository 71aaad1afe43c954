import type { WriteStream } from 'node:tty';

/** Between two lines where the output is no terminal, ms. */
const LINE_MS = 5000;
const TERMINAL_MS = 100;

/** How far a long run is: one line that is written over in a terminal, and a line every few seconds elsewhere. */
export class ProgressLine {
  readonly #out: WriteStream;
  readonly #began = performance.now();
  #shown = 0;

  constructor(out: WriteStream) {
    this.#out = out;
  }

  show(done: number, of: number): void {
    const elapsed = performance.now() - this.#began;
    if (elapsed - this.#shown < (this.#out.isTTY ? TERMINAL_MS : LINE_MS)) return;
    this.#shown = elapsed;
    const text = `${done} of ${of} entries, ${of === 0 ? 100 : Math.floor((done / of) * 100)} %, ${Math.round(done / (elapsed / 1000))} a second`;
    this.#out.write(this.#out.isTTY ? `\r${text}\u001B[K` : `${text}\n`);
  }

  clear(): void {
    if (this.#out.isTTY && this.#shown > 0) this.#out.write('\r\u001B[K');
  }
}
