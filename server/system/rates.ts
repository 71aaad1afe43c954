import type { Clock, Timers } from '../clock.ts';

export interface RateSource {
  /** Frames analysed since the start. */
  readonly analysed: () => Promise<number>;
  readonly live: () => number;
  /** Share of the policies' frame rates that is asked for. */
  readonly scale: () => number;
}

const EVERY_MS = 10_000;
/** Samples of one minute. */
const WINDOW = 6;

/** Frames analysed a second, and the most sessions that ran at the full frame rate. */
export class RateMeter {
  readonly #source: RateSource;
  readonly #clock: Clock;
  readonly #samples: { readonly at: number; readonly analysed: number }[] = [];
  #carried: { readonly sessions: number; readonly at: number } | undefined;

  constructor(source: RateSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  start(signal: AbortSignal, timers: Timers): void {
    void this.sample();
    signal.addEventListener(
      'abort',
      timers.every(EVERY_MS, () => void this.sample()),
      { once: true },
    );
  }

  async sample(): Promise<void> {
    const [at, live] = [this.#clock(), this.#source.live()];
    if (live > 0 && this.#source.scale() >= 1 && live > (this.#carried?.sessions ?? 0))
      this.#carried = { sessions: live, at };
    this.#samples.push({ at, analysed: await this.#source.analysed() });
    if (this.#samples.length > WINDOW + 1) this.#samples.shift();
  }

  /** Over the last minute; undefined: known for less. */
  get analysedPerSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || this.#samples.length <= WINDOW || last.at <= first.at) return undefined;
    return (last.analysed - first.analysed) / ((last.at - first.at) / 1000);
  }

  get carried(): { readonly sessions: number; readonly at: number } | undefined {
    return this.#carried;
  }
}
