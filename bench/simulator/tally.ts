const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0);

/** What all students of a run count together. */
export class Tally {
  framesSent = 0;
  framesAnalysed = 0;
  /** Due, but the line was still busy with the frame before. */
  framesHeldBack = 0;
  signalsSent = 0;
  signalsAcked = 0;
  live = 0;
  connects = 0;
  reconnects = 0;
  /** Connections that a script cut. */
  cuts = 0;
  /** Lowest rate that the server asked anybody for, frames/s. */
  lowestFps = Number.POSITIVE_INFINITY;
  /** From sendFrame to its analysis, ms, since the last `forgetLatencies`. */
  latencies: number[] = [];
  /** First echoes, by type: an incident counts once. */
  readonly events = new Map<string, number>();
  /** Connections that ended though no script cut them, by close code. */
  readonly drops = new Map<string, number>();
  /** Attempts to connect that failed though the line was there, by reason; the client tries again. */
  readonly failedAttempts = new Map<string, number>();
  readonly errors = new Map<string, number>();
  /** The first error of each kind, in words. */
  readonly firstErrors = new Map<string, string>();

  event(type: string): void {
    add(this.events, type);
  }

  drop(code: number | undefined): void {
    add(this.drops, String(code ?? 'none'));
  }

  failedAttempt(reason: string): void {
    add(this.failedAttempts, reason);
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
    this.latencies = [];
  }
}
