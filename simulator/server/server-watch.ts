import { median } from '../report/percentile.ts';
import { childrenOf, type ProcessStats, readStats } from './process-stats.ts';

const SAMPLE_MS = 1000;
/** Start of the memory comparison, s: before it, caches and code are still being loaded. */
const SETTLED_S = 20;
/** Seconds of the median that represents a moment, as garbage collection makes a sawtooth. */
const WINDOW_S = 5;

export interface ServerSample {
  /** Seconds since sampling began. */
  readonly t: number;
  readonly main: ProcessStats;
  /** All children: the inference host. */
  readonly host: ProcessStats;
}

export interface Growth {
  /** Median around 20 s and over the last 5 s, bytes. */
  readonly settled: number;
  readonly end: number;
  /** end / settled - 1 */
  readonly share: number;
}

/** Samples memory and CPU time of a running server once per second. */
export class ServerWatch {
  readonly #pid: number;
  readonly #began = performance.now();
  readonly #samples: ServerSample[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @throws Error without such a process */
  constructor(pid: number) {
    this.#pid = pid;
    if (!this.sample()) throw new Error(`no process ${pid}, or no readable /proc`);
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS);
    this.#timer.unref();
  }

  get samples(): readonly ServerSample[] {
    return this.#samples;
  }

  /** Takes a sample now. */
  sample(): ServerSample | undefined {
    const main = readStats(this.#pid);
    if (!main) return undefined;
    const children = childrenOf(this.#pid).flatMap((child) => readStats(child) ?? []);
    const host = children.reduce((sum, child) => ({ rss: sum.rss + child.rss, cpuMs: sum.cpuMs + child.cpuMs }), {
      rss: 0,
      cpuMs: 0,
    });
    const sample = { t: (performance.now() - this.#began) / 1000, main, host };
    this.#samples.push(sample);
    return sample;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Change of resident memory after the first 20 s; undefined if the run is too short. */
export function growth(samples: readonly ServerSample[], part: 'main' | 'host'): Growth | undefined {
  const last = samples.at(-1)?.t ?? 0;
  if (last < SETTLED_S + 2 * WINDOW_S) return undefined;
  const rssBetween = (from: number, to: number) =>
    median(samples.filter(({ t }) => t >= from && t <= to).map((sample) => sample[part].rss));
  const settled = rssBetween(SETTLED_S - WINDOW_S / 2, SETTLED_S + WINDOW_S / 2);
  const end = rssBetween(last - WINDOW_S, last);
  return settled && end ? { settled, end, share: end / settled - 1 } : undefined;
}
