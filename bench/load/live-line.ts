/** For terminals without a known width. */
const DEFAULT_COLUMNS = 80;

/** Overwrites one line on a terminal; prints a line each time elsewhere. */
export class LiveLine {
  readonly #say: (line: string) => void;
  readonly #terminal: Pick<NodeJS.WriteStream, 'write' | 'columns'> | undefined;
  #shown = false;

  /** @param terminal undefined: none */
  constructor(
    say: (line: string) => void,
    terminal: Pick<NodeJS.WriteStream, 'write' | 'columns'> | undefined = process.stderr.isTTY
      ? process.stderr
      : undefined,
  ) {
    this.#say = say;
    this.#terminal = terminal;
  }

  show(line: string): void {
    if (!this.#terminal) return this.#say(line);
    // A wrapped line could not be overwritten.
    this.#terminal.write(`\r\u001B[2K${line.slice(0, (this.#terminal.columns || DEFAULT_COLUMNS) - 1)}`);
    this.#shown = true;
  }

  /** Prints a permanent line. */
  say(line: string): void {
    this.end();
    this.#say(line);
  }

  end(): void {
    if (this.#shown) this.#terminal?.write('\n');
    this.#shown = false;
  }
}
