import type { Spread } from './report/percentile.ts';
import type { Crowd } from './crowd.ts';

/** Measurements of one step of a run. */
export interface Point<Server> {
  /** Seconds from the beginning to the end of the step. */
  readonly t: number;
  /** Students connected at its end. */
  readonly live: number;
  /** Frames per second: due from the connected students (null: no rate requested), sent, and analysed. */
  readonly due: number | null;
  readonly sent: number;
  readonly analysed: number;
  /** Mean rate requested from a student, frames/s. */
  readonly statedFps: number | null;
  /** Acknowledged signals per second. */
  readonly acked: number;
  /** Latencies of this step, ms: from send to analysis, from signal to acknowledgement. */
  readonly analysis: Spread;
  readonly ack: Spread;
  /** In this step: errors, dropped connections, refused sockets. */
  readonly errors: number;
  readonly drops: number;
  readonly refusals: number;
  /** Server metrics, once read. */
  server?: Server | undefined;
}

const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

/** Minimum share of a step for meaningful rates. */
const LEAST_STEP = 0.25;

/** Samples a crowd step by step until stopped. */
export class Timeline<Server = never> {
  readonly points: Point<Server>[] = [];
  readonly #crowd: Crowd;
  readonly #stepMs: number;
  readonly #read: (() => Promise<Server | undefined>) | undefined;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  #reading: Promise<void> | undefined;
  #stopped = false;
  #before: ReturnType<Timeline['counts']>;

  /** @param read reads the server's metrics at the end of each step, unless the last read is pending; never rejects */
  constructor(crowd: Crowd, stepMs: number, read?: () => Promise<Server | undefined>) {
    this.#crowd = crowd;
    this.#stepMs = stepMs;
    this.#read = read;
    crowd.tally.lately.analysis.reset();
    crowd.tally.lately.ack.reset();
    this.#before = this.counts();
    this.#timer = setInterval(() => this.#step(), stepMs);
  }

  /** Seconds since the start. */
  get now(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Ends with the current step, unless too little of it has passed. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.now - this.#before.at >= (this.#stepMs / 1000) * LEAST_STEP) this.#step();
    await this.#reading;
  }

  private counts() {
    const { tally } = this.#crowd;
    return {
      at: this.now,
      liveSeconds: tally.liveSeconds,
      sent: tally.framesSent,
      analysed: tally.framesAnalysed,
      acked: tally.signalsAcked,
      errors: tally.errorCount,
      drops: tally.dropCount,
      refusals: sum(tally.refusals),
    };
  }

  #step(): void {
    const { tally, maxFps, statedFps } = this.#crowd;
    const before = this.#before;
    const now = this.counts();
    const seconds = now.at - before.at;
    if (seconds <= 0) return;
    this.#before = now;
    const rate = (name: 'sent' | 'analysed' | 'acked'): number => (now[name] - before[name]) / seconds;
    const point: Point<Server> = {
      t: now.at,
      live: tally.live,
      due: maxFps === undefined ? null : ((now.liveSeconds - before.liveSeconds) / seconds) * maxFps,
      sent: rate('sent'),
      analysed: rate('analysed'),
      statedFps,
      acked: rate('acked'),
      analysis: tally.lately.analysis.spread(),
      ack: tally.lately.ack.spread(),
      errors: now.errors - before.errors,
      drops: now.drops - before.drops,
      refusals: now.refusals - before.refusals,
    };
    tally.lately.analysis.reset();
    tally.lately.ack.reset();
    this.points.push(point);
    if (!this.#read || this.#reading) return;
    this.#reading = this.#read().then((server) => {
      point.server = server;
      this.#reading = undefined;
    });
  }
}
