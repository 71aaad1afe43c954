import { CLOSE, ProtocolError } from '../../../protocol/errors.ts';
import { isStudentWord } from '../../../protocol/event-types.ts';
import type { Signal } from '../../../protocol/exam.ts';
import { conversationOf } from '../../../protocol/policy.ts';
import type { Clock } from '../../clock.ts';
import type { Pressure } from '../record/backlog.ts';
import type { Audience, SessionRecorder } from '../record/session-recorder.ts';
import type { BoundedEvents } from './bounded-events.ts';
import { checkSignal, wordsOf } from './check-signal.ts';
import { digestOf, eventOf } from './reports.ts';
import type { SignalStream } from './signal-stream.ts';

/** The session as its signals see it. */
interface SignalAudience extends Pick<Audience, 'send'> {
  readonly pressure: Pressure;
  /** A new signal arrived. */
  signalled(type: string, data: Readonly<Record<string, unknown>> | undefined): void;
}

/** Signals of one session's exam client: their streams, their acknowledgements, and the hold of rule S9. */
export class SignalIntake {
  readonly #recorder: SessionRecorder;
  readonly #bounded: BoundedEvents;
  readonly #session: SignalAudience;
  readonly #clock: Clock;
  readonly #streams = new Map<string, SignalStream>();
  /** Signal stream of the attached client. */
  #attached: SignalStream | undefined;

  constructor(recorder: SessionRecorder, bounded: BoundedEvents, session: SignalAudience, clock: Clock) {
    this.#recorder = recorder;
    this.#bounded = bounded;
    this.#session = session;
    this.#clock = clock;
  }

  /** A stream that is in memory; others are read from the database and given to `adopt`. */
  find(id: string): SignalStream | undefined {
    return this.#streams.get(id);
  }

  /** @returns the stream in memory, when the same one was adopted meanwhile */
  adopt(stream: SignalStream): SignalStream {
    const known = this.#streams.get(stream.id);
    if (!known) this.#streams.set(stream.id, stream);
    return known ?? stream;
  }

  /** A client connects with this stream; `press` follows when it is welcomed. */
  attach(stream: SignalStream): void {
    this.#attached = stream;
    stream.reopen();
  }

  /** Signals of the attached client may wait for the server. */
  get isHeld(): boolean {
    return this.#session.pressure !== 'none' || this.#attached?.isHeld === true || this.#attached?.isFull === true;
  }

  /** @throws ProtocolError for a wrong number or a reserved name */
  push(stream: SignalStream, signal: Signal): void {
    checkSignal(signal);
    const { seq } = signal;
    if (isStudentWord(signal.signal) && !conversationOf(this.#recorder.state.policy).enabled)
      throw new ProtocolError('reserved_signal', 'the exam has no conversation with staff', { ref: seq });
    const words = wordsOf(signal.signal, signal.data, seq);
    const report = { type: signal.signal, at: signal.at, data: signal.data };
    const digest = digestOf(report);
    // Of a repetition it was asked before.
    if (words && stream.takes(seq)) this.#bounded.admitWord(seq, this.#clock());
    const place = this.#accept(stream, signal, digest);
    if (place === 'repeat' && stream.committed >= signal.seq)
      this.#session.send({ type: 'ack', seq: stream.committed });
    if (place !== 'new') return;
    const now = this.#clock();
    this.#recorder.state.lastSeenAt = now;
    this.#session.signalled(signal.signal, signal.data);
    const event = eventOf(words ? { ...report, data: words } : report, { stream: stream.id, seq, digest }, now);
    this.#bounded.signal(stream, seq, event, now);
  }

  /** After COMMIT. The stream of an earlier connection is not acknowledged to this one. */
  acknowledge(stream: SignalStream, seq: number): void {
    stream.commit(seq);
    if (stream === this.#attached) this.#session.send({ type: 'ack', seq: stream.committed });
  }

  /** Tells the attached client to hold its signals while too many writes wait (rule S9), or to go on. */
  press(): void {
    const stream = this.#attached;
    if (!stream) return;
    if (this.#session.pressure === 'signals') this.#session.send({ type: 'hold', from: stream.hold() });
    else if (stream.isHeld) this.#session.send({ type: 'go', from: stream.go() });
  }

  /** A number that is used for two different signals is recorded before it is refused (rule S5). */
  #accept(stream: SignalStream, { seq, signal }: Signal, digest: string): ReturnType<SignalStream['accept']> {
    try {
      return stream.accept(seq, digest);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'sequence_conflict') {
        const details = { stream: stream.id, clientSeq: seq, signal };
        const now = this.#clock();
        if (this.#bounded.admits('SEQUENCE_CONFLICT', now))
          void this.#recorder.store([this.#recorder.instant('SEQUENCE_CONFLICT', 'connection', now, details)]);
        // Conflicts queue too: their number must be bounded while nothing can be stored.
        if (this.#session.pressure === 'signals')
          throw new ProtocolError(error.code, error.message, { ref: seq, close: CLOSE.tooMuch, retryable: true });
      }
      throw error;
    }
  }
}
