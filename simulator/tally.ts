import { Latencies } from './latencies.ts';

const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
const sum = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((total, count) => total + count, 0);

/** Counts that decide whether a run was without faults. */
export type TallyTotals = Pick<Tally, 'connects' | 'signalsSent' | 'signalsAcked' | 'errorCount' | 'dropCount'>;

/** Shared counters of all students of a run. */
export class Tally {
  framesSent = 0;
  framesAnalysed = 0;
  /** Due, but skipped because the previous frame was still being sent. */
  framesHeldBack = 0;
  signalsSent = 0;
  signalsAcked = 0;
  connects = 0;
  reconnects = 0;
  /** Connections cut by a script. */
  cuts = 0;
  /** Lowest rate requested by the server, frames/s. */
  lowestFps = Number.POSITIVE_INFINITY;
  /** From sendFrame to analysis, since the last `forgetLatencies`. */
  readonly analysis = new Latencies();
  /** From signal to acknowledgement, likewise; without signals delayed by a script's own cut. */
  readonly ack = new Latencies();
  /** The same two, since the last reset by the observer of the run. */
  readonly lately = { analysis: new Latencies(), ack: new Latencies() };
  /** Refused sockets by HTTP status of the response or network error. */
  readonly refusals = new Map<string, number>();
  #live = 0;
  #liveMs = 0;
  #liveSince = performance.now();
  /** First echoes, by type: an incident counts once. */
  readonly events = new Map<string, number>();
  /** Connections dropped without a cut by a script, by close code. */
  readonly drops = new Map<string, number>();
  /** Failed connection attempts on an intact line, by reason; the client retries. */
  readonly failedAttempts = new Map<string, number>();
  readonly errors = new Map<string, number>();
  /** First error of each kind, as text. */
  readonly firstErrors = new Map<string, string>();

  /** Currently connected students. */
  get live(): number {
    return this.#live;
  }

  /** Connected seconds, summed over all students. */
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
