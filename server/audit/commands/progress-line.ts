import type { WriteStream } from 'node:tty';

/** Interval of lines if the output is not a terminal, ms. */
const LINE_MS = 5000;
const TERMINAL_MS = 100;

/** Progress of a long run: one line overwritten in place on a terminal, otherwise a line every few seconds. */
export class ProgressLine {
  readonly #out: WriteStream;
  readonly #unit: string;
  readonly #began = performance.now();
  #shown = 0;

  constructor(out: WriteStream, unit = 'entries') {
    this.#out = out;
    this.#unit = unit;
  }

  show(done: number, of: number): void {
    const elapsed = performance.now() - this.#began;
    if (elapsed - this.#shown < (this.#out.isTTY ? TERMINAL_MS : LINE_MS)) return;
    this.#shown = elapsed;
    const text = `${done} of ${of} ${this.#unit}, ${of === 0 ? 100 : Math.floor((done / of) * 100)} %, ${Math.round(done / (elapsed / 1000))} per second`;
    this.#out.write(this.#out.isTTY ? `\r${text}\u001B[K` : `${text}\n`);
  }

  clear(): void {
    if (this.#out.isTTY && this.#shown > 0) this.#out.write('\r\u001B[K');
  }
}
