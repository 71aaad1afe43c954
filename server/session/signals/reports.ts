import { createHash } from 'node:crypto';
import type { EventRow } from '../../../db/events.ts';
import type { Clock } from '../../clock.ts';
import type { SessionRecorder } from '../record/session-recorder.ts';
import type { NewEvent } from '../record/session-state.ts';

/** A client's report about its browser. `at`: the client's clock, ISO 8601. */
export interface Report {
  readonly type: string;
  readonly at?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** SHA-256 of a report's content: the same number or key stands for the same content only. */
export const digestOf = ({ type, at, data }: Report): string =>
  createHash('sha256')
    .update(JSON.stringify([type, at ?? null, data ?? null]))
    .digest('base64url');

/** A report as an event without a duration, dated by the server. */
export const eventOf = ({ type, at, data }: Report, signal: NewEvent['signal'], now: number): NewEvent => ({
  type,
  source: 'client',
  startedAt: now,
  endedAt: now,
  details: { ...(at !== undefined && { clientAt: at }), ...(data && { data }) },
  ...(signal && { signal }),
});

/** A report that can be repeated: the digest of its content, and its event when that is committed. */
export interface KnownReport {
  readonly digest: string;
  readonly event: Promise<EventRow>;
}

/** Keys remembered of one session; of older ones the database is asked. */
const REMEMBERED = 256;

/** Reports that came by HTTP. Each key is a stream of one signal, so that the database holds it once, too. */
export class Reports {
  readonly #recorder: SessionRecorder;
  readonly #clock: Clock;
  readonly #known = new Map<string, KnownReport>();
  #isComplete: boolean;

  /** @param isFresh nothing of the session was stored before it came to this process */
  constructor(recorder: SessionRecorder, clock: Clock, isFresh: boolean) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#isComplete = isFresh;
  }

  /** Every repeatable report of the session is known here: the database need not be asked. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  find(stream: string): KnownReport | undefined {
    return this.#known.get(stream);
  }

  /**
   * Resolves with the committed event. `stream`: a name for it that is not used yet; `repeatable`: it can come again.
   */
  add(report: Report, stream: string, repeatable: boolean): Promise<EventRow> {
    const digest = digestOf(report);
    const rows = this.#recorder.recordSignal(eventOf(report, { stream, seq: 1, digest }, this.#clock()));
    const event = this.#recorder.store(rows).then(() => rows[0]!);
    if (repeatable) this.#remember(stream, { digest, event });
    return event;
  }

  #remember(stream: string, report: KnownReport): void {
    this.#known.set(stream, report);
    // The caller handles a failure, and so does each repetition.
    report.event.catch(() => {});
    if (this.#known.size <= REMEMBERED) return;
    const oldest = this.#known.keys().next().value;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#isComplete = false;
  }
}
