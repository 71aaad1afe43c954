import { Latencies } from './latencies.ts';

const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

/** What all students of a run count together. */
export class Tally {
  framesSent = 0;
  framesAnalysed = 0;
  /** Due, but the line was still busy with the frame before. */
  framesHeldBack = 0;
  signalsSent = 0;
  signalsAcked = 0;
  connects = 0;
  reconnects = 0;
  /** Connections that a script cut. */
  cuts = 0;
  /** Lowest rate that the server asked anybody for, frames/s. */
  lowestFps = Number.POSITIVE_INFINITY;
  /** From sendFrame to its analysis, since the last `forgetLatencies`. */
  readonly analysis = new Latencies();
  /** From signal to acknowledgement, likewise; not of those that a script's own cut held up. */
  readonly ack = new Latencies();
  /** The same two, since whoever follows the run has last reset them. */
  readonly lately = { analysis: new Latencies(), ack: new Latencies() };
  /** Answers that refused a socket, by HTTP status; or what the network said. */
  readonly refusals = new Map<string, number>();
  #live = 0;
  #liveMs = 0;
  #liveSince = performance.now();
  /** First echoes, by type: an incident counts once. */
  readonly events = new Map<string, number>();
  /** Connections that ended though no script cut them, by close code. */
  readonly drops = new Map<string, number>();
  /** Attempts to connect that failed though the line was there, by reason; the client tries again. */
  readonly failedAttempts = new Map<string, number>();
  readonly errors = new Map<string, number>();
  /** The first error of each kind, in words. */
  readonly firstErrors = new Map<string, string>();

  /** Students who are connected now. */
  get live(): number {
    return this.#live;
  }

  /** Seconds that students were connected, of all together. */
  get liveSeconds(): number {
    return (this.#liveMs + this.#live * (performance.now() - this.#liveSince)) / 1000;
  }

  /** @param change how many more are connected */
  liveChanged(change: number): void {
    const now = performance.now();
    this.#liveMs += this.#live * (now - this.#liveSince);
    this.#liveSince = now;
    this.#live += change;
  }

  analysed(ms: number): void {
    this.analysis.record(ms);
    this.lately.analysis.record(ms);
  }

  acknowledged(ms: number): void {
    this.ack.record(ms);
    this.lately.ack.record(ms);
  }

  event(type: string): void {
    add(this.events, type);
  }

  drop(code: number | undefined): void {
    add(this.drops, String(code ?? 'none'));
  }

  failedAttempt(reason: string): void {
    add(this.failedAttempts, reason);
  }

  refused(how: string): void {
    add(this.refusals, how);
  }

  error(code: string, message: string): void {
    add(this.errors, code);
    if (!this.firstErrors.has(code)) this.firstErrors.set(code, message);
  }

  get errorCount(): number {
    return sum(this.errors);
  }

  get dropCount(): number {
    return sum(this.drops);
  }

  forgetLatencies(): void {
    this.analysis.reset();
    this.ack.reset();
  }
}
