import type { EventRow } from '../../../db/events.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import type { SignalStream } from './signal-stream.ts';

/**
 * Minimum interval between writes of the counts, ms: short at first, for a client whose window waits for its
 * acknowledgements, and long after so many writes, which is more than a queue from an outage, or for a full session.
 */
const WRITE_EVERY_MS = 500;
const QUICK_WRITES = 100;
const WRITE_SELDOM_MS = 5000;
/** The event ends after this time without another count, ms. */
const QUIET_MS = 60_000;
/** Maximum number of types that are counted separately, and of streams in the details. */
const MAX_TYPES = 64;
const MAX_STREAMS = 16;

export type OverBudgetType = 'SIGNALS_OVER_BUDGET' | 'EVENTS_OVER_BUDGET';

interface Details {
  /** Not stored one by one. */
  readonly count: number;
  /** Reports by HTTP that were refused. */
  readonly refused: number;
  readonly types: Readonly<Record<string, number>>;
  /** By stream: the highest number among them, which is acknowledged. */
  readonly streams?: Readonly<Record<string, number>>;
}

/** Rows to store, and the acknowledgements that follow their COMMIT. */
export interface Counted {
  readonly rows: readonly EventRow[];
  readonly committed: () => void;
}

const NOTHING: Counted = { rows: [], committed: () => {} };

/**
 * One event for everything over a session's budget (rule S10): its number, types, beginning and end. It stays open
 * while more arrives, and is written every few seconds at most, which bounds the cost of a flood.
 */
export class OverBudget {
  readonly #recorder: SessionRecorder;
  readonly #type: OverBudgetType;
  readonly #isFull: () => boolean;
  #count = 0;
  #refused = 0;
  #types = new Map<string, number>();
  #streams = new Map<string, number>();
  /** Counted since it was last written, by stream. */
  #waiting = new Map<SignalStream, number>();
  #isChanged = false;
  #lastAt = 0;
  #wroteAt: number | undefined;
  #writes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(recorder: SessionRecorder, type: OverBudgetType, isFull: () => boolean, now: number) {
    this.#recorder = recorder;
    this.#type = type;
    this.#isFull = isFull;
    this.#lastAt = now;
    const open = recorder.state.openEvents().find((event) => event.type === type);
    if (open) this.#restore(open.details);
  }

  count(type: string, now: number): void {
    this.#count += 1;
    const name = this.#types.has(type) || this.#types.size < MAX_TYPES ? type : 'OTHER';
    this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
    this.#changed(now);
  }

  countSignal(type: string, stream: SignalStream, seq: number, now: number): void {
    this.#waiting.set(stream, seq);
    this.#streams.delete(stream.id);
    this.#streams.set(stream.id, seq);
    const oldest = this.#streams.keys().next().value;
    if (this.#streams.size > MAX_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
    this.count(type, now);
  }

  /** Counts a report that was refused and may be sent again. */
  refuse(now: number): void {
    this.#refused += 1;
    this.#changed(now);
  }

  /** Counts that are not written yet. */
  take(now: number, acknowledge: (stream: SignalStream, seq: number) => void): Counted {
    if (!this.#isChanged) return NOTHING;
    this.#isChanged = false;
    this.#wroteAt = now;
    this.#writes += 1;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    return {
      rows: [this.#row(now)],
      committed: () => {
        for (const [stream, seq] of waiting) acknowledge(stream, seq);
      },
    };
  }

  /**
   * Delay until the counts are due to be written, ms; undefined when they are unchanged. A clock that was set back
   * delays nothing.
   */
  dueIn(now: number): number | undefined {
    if (!this.#isChanged) return undefined;
    const every = this.#isFull() || this.#writes > QUICK_WRITES ? WRITE_SELDOM_MS : WRITE_EVERY_MS;
    return this.#wroteAt === undefined ? 0 : Math.max(0, every - Math.abs(now - this.#wroteAt));
  }

  /** Schedules work; one timer at a time. */
  wake(ms: number, work: () => void): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      work();
    }, ms);
    this.#timer.unref();
  }

  /** Ends it when nothing more has come for a while. */
  close(now: number): EventRow[] {
    if (this.#isChanged || !this.#recorder.state.isOpen(this.#type) || Math.abs(now - this.#lastAt) < QUIET_MS)
      return [];
    const row = this.#recorder.state.change(this.#type, { at: this.#lastAt, ended: true });
    this.#count = this.#refused = 0;
    this.#types.clear();
    this.#streams.clear();
    this.#wroteAt = undefined;
    this.#writes = 0;
    return row ? [row] : [];
  }

  #row(now: number): EventRow {
    const details = { ...this.#details() };
    const changed = this.#recorder.state.change(this.#type, { at: now, ended: false, details });
    return (
      changed ??
      this.#recorder.record({ type: this.#type, source: 'connection', startedAt: now, endedAt: undefined, details })
    );
  }

  #details(): Details {
    const streams = this.#streams.size > 0 ? { streams: Object.fromEntries(this.#streams) } : {};
    return { count: this.#count, refused: this.#refused, types: Object.fromEntries(this.#types), ...streams };
  }

  #changed(now: number): void {
    this.#isChanged = true;
    this.#lastAt = now;
  }

  /** Continues an event that was open when the session was claimed. */
  #restore({ count = 0, refused = 0, types = {}, streams = {} }: Partial<Details>): void {
    this.#count = count;
    this.#refused = refused;
    this.#types = new Map(Object.entries(types));
    this.#streams = new Map(Object.entries(streams));
  }
}
