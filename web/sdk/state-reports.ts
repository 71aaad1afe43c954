import type { State } from '../../protocol/exam.ts';

/** State of the exam page, as it is reported to the server (rule E10). */
export type PageState = Omit<State, 'type' | 'waiting'>;

/** Decides when the state of the page is due: after each `welcome`, then at the server's interval. */
export class StateReports {
  readonly #read: (() => PageState) | undefined;
  /** Undefined: this server takes none. */
  #everyMs: number | undefined;
  #sentAt = 0;

  /** @param read undefined: none is reported */
  constructor(read: (() => PageState) | undefined) {
    this.#read = read;
  }

  get isOn(): boolean {
    return this.#read !== undefined;
  }

  /** A new connection. @param everyMs of its `welcome`; older servers state none, and refuse the message */
  connected(everyMs: number | undefined): void {
    this.#everyMs = everyMs;
    this.#sentAt = Number.NEGATIVE_INFINITY;
  }

  /** The state, if it is due. @param now ms of a monotonic clock; called about once a second or more often */
  due(now: number): PageState | undefined {
    if (!this.#read || this.#everyMs === undefined || now - this.#sentAt < this.#everyMs) return undefined;
    this.#sentAt = now;
    return this.#read();
  }
}
