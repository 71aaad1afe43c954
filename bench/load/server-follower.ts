import { ServerMetrics } from '../../simulator/server/server-metrics.ts';
import { type ServerSpan, spanOf } from './server-figures.ts';

interface Reading {
  /** ms on the clock of `performance` */
  readonly at: number;
  readonly metrics: ServerMetrics;
}

/** Reads a server's metrics at intervals. Without metrics, only their figures are missing. */
export class ServerFollower {
  readonly #url: string;
  #first: Reading | undefined;
  #last: Reading | undefined;
  /** Reading at the end of the last step. */
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
  /** Time of the last reading, ms on the clock of `performance`; 0 before the first. */
  get lastAt(): number {
    return this.#last?.at ?? 0;
  }
  /** Reason why the last reading failed. */
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
   * Reads for a series. @returns the server's activity since the last step; undefined without two readings. Never
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
