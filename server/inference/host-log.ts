import { WireViolation } from '../../models/wire-violation.ts';

const WINDOW_MS = 60_000;
/**
 * Logged lines and read bytes per window. A stack trace and the warnings of a runtime are a few dozen lines.
 */
const MOST_LINES = 50;
const MOST_BYTES = 1024 * 1024;
const MAX_LINE = 400;

/**
 * Logs the standard error of hosts: a few lines a minute, truncated, as one field each, so that no log line of the
 * server can be forged. One object for all hosts of a server: the limit outlives a host.
 */
export class HostLog {
  readonly #log: (line: string) => void;
  readonly #now: () => number;
  #since: number;
  #lines = 0;
  #bytes = 0;
  #left = 0;
  #rest = '';

  /** @param now ms, of any clock that goes on */
  constructor(log: (line: string) => void, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
    this.#since = now();
  }

  /** @throws WireViolation `too_long` when a host floods */
  push(chunk: Buffer): void {
    this.#turn();
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_BYTES)
      throw new WireViolation('too_long', `more than ${MOST_BYTES} bytes a minute on standard error`);
    if (this.#lines >= MOST_LINES) {
      this.#left += 1;
      return;
    }
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) this.#write(line);
  }

  /** The host has ended: logs its unfinished line. */
  flush(): void {
    if (this.#rest !== '') this.#write(this.#rest);
    this.#rest = '';
  }

  #write(line: string): void {
    if (++this.#lines > MOST_LINES) this.#left += 1;
    else this.#log(line.slice(0, MAX_LINE).replace(/[^\x20-\x7e]/g, ' '));
  }

  #turn(): void {
    if (this.#now() - this.#since < WINDOW_MS) return;
    if (this.#left > 0) this.#log('further lines omitted');
    this.#since = this.#now();
    this.#lines = 0;
    this.#bytes = 0;
    this.#left = 0;
  }
}
