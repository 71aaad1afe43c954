import type { EventRow } from '../../../db/events.ts';
import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';
import { isStudentWord } from '../../../protocol/event-types.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import { EventBudget, TAKEOVER_RETRY_S } from './event-budget.ts';
import type { NewEvent } from '../record/session-state.ts';
import { OverBudget } from './over-budget.ts';
import type { SignalStream } from './signal-stream.ts';

/** Reports over the budget may be sent again after this time, s. */
const REPORT_RETRY_S = 10;

const tooManyReports = () =>
  new ProtocolError('rate_limited', 'too many reports for this session; the report was not stored', {
    retryable: true,
    retryAfterSeconds: REPORT_RETRY_S,
    refusal: { kind: 'session_budget_spent' },
  });

const tooManyWords = (ref: number | undefined) =>
  new ProtocolError('rate_limited', 'too many messages to staff in this session; this one was not stored', {
    ...(ref !== undefined && { ref }),
    retryAfterSeconds: REPORT_RETRY_S,
  });

const tooManyTakeovers = () =>
  new ProtocolError('rate_limited', 'too many takeovers of this session', {
    close: CLOSE.tooMuch,
    retryable: true,
    retryAfterSeconds: TAKEOVER_RETRY_S,
    refusal: { kind: 'session_budget_spent' },
  });

/** Stores events of the student's side within a budget, and counts them beyond it (rule S10). Times are server ms. */
export class BoundedEvents {
  readonly #recorder: SessionRecorder;
  readonly #budget: EventBudget;
  readonly #signals: OverBudget;
  readonly #others: OverBudget;
  readonly #clock: Clock;
  readonly #acknowledge: (stream: SignalStream, seq: number) => void;

  constructor(recorder: SessionRecorder, acknowledge: (stream: SignalStream, seq: number) => void, clock: Clock) {
    const now = clock();
    this.#clock = clock;
    this.#recorder = recorder;
    this.#acknowledge = acknowledge;
    this.#budget = new EventBudget(
      () => recorder.state.seq,
      () => recorder.state.conversation.words,
      now,
    );
    const isFull = () => this.#budget.isFull;
    this.#signals = new OverBudget(recorder, 'SIGNALS_OVER_BUDGET', isFull, now);
    this.#others = new OverBudget(recorder, 'EVENTS_OVER_BUDGET', isFull, now);
  }

  /** Stores a signal of a stream, by itself or as one more that is counted; acknowledges it after COMMIT. */
  signal(stream: SignalStream, seq: number, event: NewEvent, now: number): void {
    if (!isStudentWord(event.type) && !this.#budget.takeSignal(event.type, now)) {
      this.#signals.countSignal(event.type, stream, seq, now);
      this.#write(this.#signals, now);
      return;
    }
    // An acknowledgement covers all earlier numbers: counts of them are stored with it.
    const counted = this.#signals.take(now, this.#acknowledge);
    const rows = [...counted.rows, ...this.#recorder.recordSignal(event)];
    void this.#recorder.store(rows, {
      committed: () => {
        counted.committed();
        this.#acknowledge(stream, seq);
      },
    });
  }

  /**
   * Something that the student says to staff (rule M2). @throws ProtocolError `rate_limited`: it is not stored, and its
   * number is not used
   */
  admitWord(ref: number | undefined, now: number): void {
    if (!this.#budget.takeWord(now)) throw tooManyWords(ref);
  }

  /** @throws ProtocolError `rate_limited`: nothing is stored, and the report may come again */
  admitReport(type: string, now: number): void {
    if (isStudentWord(type)) return this.admitWord(undefined, now);
    if (this.#budget.takeSignal(type, now)) return;
    this.#signals.refuse(now);
    this.#write(this.#signals, now);
    throw tooManyReports();
  }

  /** Whether an event other than a signal is stored by itself; one that is not is counted. */
  admits(type: string, now: number): boolean {
    if (this.#budget.takeOther(type, now)) return true;
    this.#others.count(type, now);
    this.#write(this.#others, now);
    return false;
  }

  /** @throws ProtocolError `rate_limited` (close 4429): the older connection stays */
  takeOver(now: number): void {
    if (!this.#budget.takeTakeover(now)) throw tooManyTakeovers();
  }

  /** Once a second. */
  tick(now: number): void {
    for (const over of [this.#signals, this.#others]) {
      this.#write(over, now);
      const rows = over.close(now);
      if (rows.length > 0) void this.#recorder.store(rows);
    }
  }

  /** The last state of what is counted, for the session's last write. */
  last(now: number): { readonly rows: EventRow[]; readonly committed: () => void } {
    const all = [this.#signals, this.#others].map((over) => over.take(now, this.#acknowledge));
    return { rows: all.flatMap(({ rows }) => rows), committed: () => all.forEach(({ committed }) => committed()) };
  }

  /** Now if it is due, and else when it will be: a client may wait for the acknowledgement. */
  #write(over: OverBudget, now: number): void {
    const wait = over.dueIn(now);
    if (wait === undefined) return;
    if (wait > 0) return over.wake(wait, () => this.#write(over, this.#clock()));
    const { rows, committed } = over.take(now, this.#acknowledge);
    void this.#recorder.store(rows, { committed });
  }
}
