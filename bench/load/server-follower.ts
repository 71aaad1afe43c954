import { ServerMetrics } from '../../simulator/server/server-metrics.ts';
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
  /** The reading that the last step ended with. */
  #stepped: Reading | undefined;
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

  /** Never rejects. */
  async read(): Promise<void> {
    const at = performance.now();
    try {
      this.#last = { at, metrics: await ServerMetrics.read(this.#url) };
      this.#first ??= this.#last;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * Reads, for a series. @returns what the server did since the step before; undefined without two readings. Never
   * rejects.
   */
  async step(): Promise<ServerSpan | undefined> {
    const before = this.#stepped ?? this.#first;
    await this.read();
    const after = this.#problem === undefined ? this.#last : undefined;
    this.#stepped = after ?? before;
    return before && after && after !== before
      ? spanOf(before.metrics, after.metrics, (after.at - before.at) / 1000)
      : undefined;
  }
}
