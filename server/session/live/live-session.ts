import type { AnalysisMinuteRow } from '../../../db/analysis-minutes.ts';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { EventRow, EventWrite } from '../../../db/events.ts';
import type { NamedSessionRow } from '../../../db/sessions.ts';
import type { Command } from '../../../protocol/console.ts';
import type { EndReason, ExamDown, Throttle } from '../../../protocol/down.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../../protocol/errors.ts';
import type { Signal } from '../../../protocol/exam.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { FrameAnalysis } from '../../../protocol/http/frames.ts';
import { AnalysisMinutes } from '../frames/analysis-minutes.ts';
import type { Pressure } from '../record/backlog.ts';
import { BoundedEvents } from '../signals/bounded-events.ts';
import { checkSignal } from '../signals/check-signal.ts';
import { type Audience, SessionRecorder, type RecorderParts } from '../record/session-recorder.ts';
import { actOfCommand } from './command-act.ts';
import { actOfEnd } from './end-act.ts';
import { type FrameParts, FrameIntake } from '../frames/frame-intake.ts';
import { closeLeftovers } from './unfinished-incidents.ts';
import { PostedFrames } from '../frames/posted-frames.ts';
import { digestOf, eventOf, type Report, Reports } from '../signals/reports.ts';
import { FrameResults } from '../frames/frame-results.ts';
import type { SignalStream } from '../signals/signal-stream.ts';
import { welcomeOf } from './welcome.ts';

/** The exam socket as the session sees it. */
export interface ExamClient {
  send(message: ExamDown): void;
  /** Tells why, then closes. */
  end(code: CloseCode, error?: ProtocolError): void;
}

export interface SessionParts extends FrameParts, RecorderParts {
  /** Another process owns the session, or the database refuses it: it must be forgotten here. */
  readonly onRefused: (session: LiveSession, reason: 'fenced' | 'unstorable') => void;
  /** The end is committed. */
  readonly onEnded: (session: LiveSession) => void;
}

/** What a person did to the session: the event, and its entry in the audit log. */
interface Act {
  readonly row: EventWrite;
  readonly entry: NewAuditEntry & { readonly id: string };
}

/** When a request that was refused because the store is away may be tried again, s. */
const STORE_RETRY_S = 5;

const storeAway = () =>
  new ProtocolError('unavailable', 'the store is away, and too much waits for it', {
    retryable: true,
    retryAfterSeconds: STORE_RETRY_S,
  });
const over = () => new ProtocolError('session_over', 'session has ended', { close: CLOSE.sessionOver });
/** The end is on its way to the database: `ended` and the close come after COMMIT, and not before. */
const ending = (ref: number) => new ProtocolError('session_over', 'this session ends', { ref });

/** One attempt, held by the process that owns it: the socket, the frames and the people around one recorder. */
export class LiveSession implements Audience {
  readonly id: string;
  readonly studentId: string;
  readonly reports: Reports;
  readonly #posted: PostedFrames;
  readonly #minutes: AnalysisMinutes;
  readonly #parts: SessionParts;
  readonly #recorder: SessionRecorder;
  readonly #bounded: BoundedEvents;
  readonly #frames: FrameIntake;
  readonly #streams = new Map<string, SignalStream>();
  #client: ExamClient | undefined;
  /** That the client's signals are of. */
  #stream: SignalStream | undefined;
  #pressure: Pressure;
  #ending: Promise<void> | undefined;
  /** Since when no socket has been attached, server ms; undefined while one is. */
  detachedAt: number | undefined;

  constructor(row: NamedSessionRow, open: readonly EventRow[], parts: SessionParts) {
    const now = parts.clock();
    this.id = row.id;
    this.studentId = row.student_id;
    this.#parts = parts;
    this.#pressure = parts.writeQueue.pressure;
    this.#recorder = new SessionRecorder(row, open, parts, this);
    this.#bounded = new BoundedEvents(this.#recorder, (stream, seq) => this.#acknowledge(stream, seq), parts.clock);
    this.#recorder.admitIncident = (type, at) => this.#bounded.admits(type, at);
    this.#minutes = new AnalysisMinutes(row.id, row.owner_epoch, now);
    const results = new FrameResults({
      ...parts,
      session: this.id,
      recorder: this.#recorder,
      audience: this,
      isObserved: () => this.#isObserved,
    });
    this.#frames = new FrameIntake(
      this.#recorder.state.policy.frames,
      parts,
      results,
      this.#minutes,
      now,
      this.#recorder.state.isOpen('FRAMES_REFUSED'),
      row.student_id,
    );
    this.reports = new Reports(this.#recorder, parts.clock, row.last_seq === 0);
    this.#posted = new PostedFrames({
      ...parts,
      recorder: this.#recorder,
      frames: this.#frames,
      connected: () => this.connected,
    });
    this.detachedAt = now;
    void this.#recorder.store(closeLeftovers(this.#recorder, row, now));
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  get isOver(): boolean {
    return this.#recorder.state.status === 'ended';
  }

  get lastFrameAt(): number | undefined {
    return this.#recorder.state.lastFrameAt;
  }

  throttle(): Throttle {
    const { maxWidth, quality, sendFps } = this.#recorder.state.policy.frames;
    const fps = this.#frames.sendFps;
    const reason = this.#parts.models() ? (fps < sendFps ? 'busy' : 'policy') : 'vision_off';
    return { fps, maxWidth, quality, reason };
  }

  // -- the exam socket

  /** Streams whose signals are known here; another one is read from the database first and given to `adopt`. */
  stream(id: string): SignalStream | undefined {
    return this.#streams.get(id);
  }

  adopt(stream: SignalStream): SignalStream {
    const known = this.#streams.get(stream.id);
    if (!known) this.#streams.set(stream.id, stream);
    return known ?? stream;
  }

  /**
   * The newest connection wins (rule C7). @throws ProtocolError `session_over`, or `rate_limited` (close 4429) after
   * too many takeovers
   */
  attach(client: ExamClient, stream: SignalStream): void {
    if (this.isOver) throw over();
    const now = this.#parts.clock();
    const before = this.#client;
    if (before) this.#bounded.takeOver(now);
    this.#client = client;
    this.#stream = stream;
    stream.reopen();
    this.detachedAt = undefined;
    this.#frames.restart(now);
    this.#posted.stop();
    this.#recorder.state.lastSeenAt = now;
    this.#recorder.observe({ kind: 'resume', at: now });
    client.send(welcomeOf(this.id, this.#recorder, stream, this.throttle(), now));
    if (this.#pressure === 'signals') client.send({ type: 'hold', from: stream.hold() });
    before?.end(CLOSE.takenOver);
    const rows = before ? this.#takenOver(now) : this.#restored(now);
    void this.#recorder.store(rows, { stateChanged: true });
  }

  /** The socket is gone. A gap, not an offence (rule E6). */
  detach(client: ExamClient): void {
    if (this.#client !== client) return;
    const now = this.#parts.clock();
    this.#client = undefined;
    this.detachedAt = now;
    this.#frames.clear(now);
    if (this.isOver) return;
    const rows = this.#recorder.observe({ kind: 'gap', at: now });
    if (this.#bounded.admits('CONNECTION_LOST', now))
      rows.push(
        this.#recorder.record({ type: 'CONNECTION_LOST', source: 'connection', startedAt: now, endedAt: undefined }),
      );
    void this.#recorder.store(rows, { stateChanged: true, minutes: this.#takeMinutes(now) });
  }

  /** @throws ProtocolError for a number that is wrong, a name that is reserved, or a session that is over */
  signal(stream: SignalStream, signal: Signal): void {
    if (this.isOver) throw ending(signal.seq);
    checkSignal(signal);
    const report = { type: signal.signal, at: signal.at, data: signal.data };
    const digest = digestOf(report);
    const place = this.#accept(stream, signal, digest);
    if (place === 'repeat' && stream.committed >= signal.seq) this.send({ type: 'ack', seq: stream.committed });
    if (place !== 'new') return;
    const now = this.#parts.clock();
    this.#recorder.state.lastSeenAt = now;
    this.#bounded.signal(stream, signal.seq, eventOf(report, { stream: stream.id, seq: signal.seq, digest }, now), now);
  }

  /** @throws ProtocolError for a frame that is wrong */
  frame(frame: Frame): void {
    const now = this.#parts.clock();
    if (this.isOver) return this.#frames.dropEnded(now);
    this.#recorder.state.lastFrameAt = now;
    this.#recorder.state.lastSeenAt = now;
    if (this.#pressure !== 'none') this.#frames.dropUnstorable(now);
    else if (this.#recorder.state.status === 'paused') this.#frames.dropPaused(now);
    else this.#frames.push(frame, now);
  }

  // -- a client without a socket, or beside it

  /**
   * Resolves with the committed event. @throws ProtocolError `session_over`, `rate_limited`, or `unavailable` while
   * signals are held
   */
  async report(report: Report, stream: string, repeatable: boolean): Promise<EventWrite> {
    if (this.isOver) throw over();
    if (this.#pressure === 'signals') throw storeAway();
    this.#heard();
    this.#bounded.admitReport(report.type, this.#parts.clock());
    return this.reports.add(report, stream, repeatable);
  }

  /** @throws ProtocolError as `PostedFrames.look`, and `unavailable` while frames give way */
  async look(jpeg: Uint8Array): Promise<FrameAnalysis> {
    if (this.#pressure !== 'none' && !this.isOver) throw storeAway();
    this.#heard();
    return this.#posted.look(jpeg);
  }

  // -- time, and what people do

  /** Once a second: what time alone brings about. */
  tick(now: number): void {
    if (this.isOver) return;
    const { deadline } = this.#recorder.state;
    if (deadline && now >= deadline.getTime()) {
      void this.end('expired', null).catch(() => {});
      return;
    }
    this.#posted.tick(now);
    this.#bounded.tick(now);
    // Nothing is said of a student whose frames the server does not look at, and nothing more is counted than it must
    // be.
    if (this.#pressure !== 'none') return;
    if (this.#client && this.#recorder.state.status === 'active') {
      this.#minutes.watched(now);
      this.#recorder.follow({ kind: 'tick', at: now, frameIntervalMs: 1000 / this.#frames.sendFps });
    }
    if (this.#minutes.isDue(now)) this.saveMinutes();
  }

  /** The shared rate changed. */
  retune(): void {
    const now = this.#parts.clock();
    this.#frames.retune(now);
    // No model will look at what waits.
    if (!this.#parts.models()) this.#frames.clear(now);
    this.send({ type: 'throttle', ...this.throttle() });
  }

  /**
   * What waits for the database is much, or no longer (rule S9): frames give way first, as in a gap; then signals are
   * held, and the socket stays.
   */
  press(pressure: Pressure): void {
    const before = this.#pressure;
    this.#pressure = pressure;
    if (this.isOver || pressure === before) return;
    const now = this.#parts.clock();
    if (before === 'none') {
      this.#frames.clear(now, 'store_away');
      this.#posted.stop();
      this.#recorder.follow({ kind: 'gap', at: now });
    }
    if (pressure === 'none') this.#recorder.observe({ kind: 'resume', at: now });
    if (before === 'none' || pressure === 'none') this.retune();
    if (!this.#stream) return;
    if (pressure === 'signals') this.send({ type: 'hold', from: this.#stream.hold() });
    else if (this.#stream.isHeld) this.send({ type: 'go', from: this.#stream.go() });
  }

  /** What was counted of frames since it was last stored. */
  saveMinutes(): void {
    void this.#recorder.store([], { minutes: this.#takeMinutes(this.#parts.clock()) });
  }

  publishState(): void {
    this.#recorder.publishState();
  }

  /** Resolves when it is committed and the student is told. @throws ProtocolError `session_over` */
  async command(command: Command, by: { userId: string }): Promise<void> {
    if (this.isOver) throw over();
    const { state } = this.#recorder;
    const now = this.#parts.clock();
    const details = { by: by.userId, ...('reason' in command && command.reason ? { reason: command.reason } : {}) };
    const act = (type: string, more: Readonly<Record<string, unknown>> = {}): Act => {
      const row = this.#recorder.instant(type, 'proctor', now, { ...details, ...more });
      return { row, entry: actOfCommand(command, row, by.userId) };
    };
    switch (command.do) {
      case 'pause': {
        if (state.status === 'paused') return;
        this.#frames.clear(now);
        this.#posted.stop();
        const rows = this.#recorder.observe({ kind: 'gap', at: now });
        const paused = act('SESSION_PAUSED');
        state.setStatus('paused');
        return this.#storeAndTell([...rows, paused.row], paused.entry, {
          type: 'paused',
          reason: command.reason ?? null,
        });
      }
      case 'resume': {
        if (state.status === 'active') return;
        state.setStatus('active');
        this.#recorder.observe({ kind: 'resume', at: now });
        const resumed = act('SESSION_RESUMED');
        return this.#storeAndTell([resumed.row, ...this.#readmit(now)], resumed.entry, { type: 'resumed' });
      }
      case 'message': {
        const told = act('PROCTOR_MESSAGE', { text: command.text });
        return this.#storeAndTell([told.row], told.entry, { type: 'notice', text: command.text });
      }
      case 'extend': {
        const deadline = state.extend(command.minutes, now).toISOString();
        const extended = act('SESSION_EXTENDED', { minutes: command.minutes, deadline });
        return this.#storeAndTell([extended.row], extended.entry, { type: 'extended', deadline });
      }
      case 'terminate':
        return this.end('terminated', by.userId, act('SESSION_TERMINATED'));
    }
  }

  /**
   * Resolves when the end is committed, also for whoever asks again meanwhile; the socket is told and closed then.
   * @param by who ends it; null: the server itself
   */
  end(reason: EndReason, by: string | null, act?: Act): Promise<void> {
    this.#ending ??= this.#end(reason, by, act);
    return this.#ending;
  }

  async #end(reason: EndReason, by: string | null, act: Act | undefined): Promise<void> {
    const { state } = this.#recorder;
    const now = this.#parts.clock();
    const counted = this.#bounded.last(now);
    const rows = [...(act ? [act.row] : []), ...counted.rows, ...this.#recorder.observe({ kind: 'gap', at: now })];
    for (const event of state.openEvents()) {
      const closed = state.change(event.type, { at: now, ended: true });
      if (closed) rows.push(closed);
    }
    state.end(reason, now);
    this.#frames.clear(now);
    await this.#recorder.store(rows, {
      stateChanged: true,
      committed: counted.committed,
      minutes: this.#takeMinutes(now),
      audit: [...(act ? [act.entry] : []), actOfEnd(state.totals(), by)],
    });
    this.send({ type: 'ended', reason, risk: state.risk(now) });
    this.drop(CLOSE.sessionOver);
    this.#client = undefined;
    this.#parts.onEnded(this);
  }

  /** Closes the exam socket, if there is one. */
  drop(code: CloseCode, error?: ProtocolError): void {
    this.#client?.end(code, error);
  }

  /**
   * A person's decision about an event, also while the end is on its way. @throws ProtocolError `not_found`,
   * `session_not_live`
   */
  review(...args: Parameters<SessionRecorder['review']>): Promise<EventWrite> {
    return this.#recorder.review(...args);
  }

  // -- the recorder's audience

  send(message: ExamDown): void {
    this.#client?.send(message);
  }

  refused(reason: 'fenced' | 'unstorable'): void {
    this.#frames.clear(this.#parts.clock());
    this.#parts.onRefused(this, reason);
  }

  // -- inside

  /** Something can be said of the student: there is a socket, or frames come without one, and there is no pause. */
  get #isObserved(): boolean {
    return (
      this.#pressure === 'none' &&
      (this.#client !== undefined || this.#posted.isObserving) &&
      this.#recorder.state.status === 'active'
    );
  }

  /**
   * By HTTP. Only of a socket it can be said that it was lost: without one there is no time at which it was last heard
   * of.
   */
  #heard(): void {
    const now = this.#parts.clock();
    if (this.#client) this.#recorder.state.lastSeenAt = now;
    else this.detachedAt = now;
  }

  #takeMinutes(now: number): AnalysisMinuteRow[] {
    return this.#minutes.take(this.#parts.models(), now);
  }

  /** A number that is used for two different signals is recorded before it is refused (rule S5). */
  #accept(stream: SignalStream, { seq, signal }: Signal, digest: string): ReturnType<SignalStream['accept']> {
    try {
      return stream.accept(seq, digest);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'sequence_conflict') {
        const details = { stream: stream.id, clientSeq: seq, signal };
        const now = this.#parts.clock();
        if (this.#bounded.admits('SEQUENCE_CONFLICT', now))
          void this.#recorder.store([this.#recorder.instant('SEQUENCE_CONFLICT', 'connection', now, details)]);
        // There must be an end to them while nothing can be stored.
        if (this.#pressure === 'signals')
          throw new ProtocolError(error.code, error.message, { ref: seq, close: CLOSE.tooMuch, retryable: true });
      }
      throw error;
    }
  }

  /** After COMMIT. Numbers of another connection's stream say nothing to this one. */
  #acknowledge(stream: SignalStream, seq: number): void {
    stream.commit(seq);
    if (stream === this.#stream) this.send({ type: 'ack', seq: stream.committed });
  }

  #takenOver(now: number): EventWrite[] {
    return this.#bounded.admits('SESSION_TAKEOVER', now)
      ? [this.#recorder.instant('SESSION_TAKEOVER', 'connection', now)]
      : [];
  }

  /** Whoever resumes a session has its frames looked at again (rule F9). */
  #readmit(now: number): EventWrite[] {
    this.#frames.readmit();
    const refused = this.#recorder.state.change('FRAMES_REFUSED', { at: now, ended: true });
    return refused ? [refused] : [];
  }

  #restored(now: number): EventWrite[] {
    const lost = this.#recorder.state.change('CONNECTION_LOST', { at: now, ended: true });
    return lost ? [lost, this.#recorder.instant('CONNECTION_RESTORED', 'connection', now)] : [];
  }

  async #storeAndTell(rows: readonly EventWrite[], entry: Act['entry'], message: ExamDown): Promise<void> {
    await this.#recorder.store(rows, { stateChanged: true, audit: [entry] });
    this.send(message);
  }
}
