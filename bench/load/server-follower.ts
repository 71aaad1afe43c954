import { ServerMetrics } from '../server-metrics.ts';
import { type ServerSpan, spanOf } from './server-figures.ts';

interface Reading {
  /** ms on the clock of `performance` */
  readonly at: number;
  readonly metrics: ServerMetrics;
}

/** Reads a server's own figures now and then. One that does not tell them costs nothing but them. */
export class ServerFollower {
  readonly #url: string;
  #first: Reading | undefined;
  #last: Reading | undefined;
  #problem: string | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get first(): ServerMetrics | undefined {
    return this.#first?.metrics;
  }
  get last(): ServerMetrics | undefined {
    return this.#last?.metrics;
  }
  /** When that was, ms on the clock of `performance`; 0 when it never was. */
  get lastAt(): number {
    return this.#last?.at ?? 0;
  }
  /** Why the last reading failed. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** @returns what the server did since the reading before; undefined without two of them. Never rejects. */
  async read(): Promise<ServerSpan | undefined> {
    const at = performance.now();
    try {
      const metrics = await ServerMetrics.read(this.#url);
      const before = this.#last;
      this.#last = { at, metrics };
      this.#first ??= this.#last;
      this.#problem = undefined;
      return before && spanOf(before.metrics, metrics, (at - before.at) / 1000);
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }
}
