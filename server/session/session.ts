import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { EventRow, EventWrite } from '../../db/events.ts';
import type { SessionRow } from '../../db/sessions.ts';
import type { Detection, LoadedModel } from '../../models/jobs.ts';
import type { Command } from '../../protocol/console.ts';
import type { EndReason, ExamDown, SessionView, Throttle } from '../../protocol/down.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../protocol/errors.ts';
import { RESERVED } from '../../protocol/event-types.ts';
import type { Signal } from '../../protocol/exam.ts';
import type { Frame } from '../../protocol/frame.ts';
import type { Clock } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import { analysisOf, incidentDetails } from './detection-view.ts';
import { eventView } from './event-view.ts';
import { type FrameListener, type FrameParts, Frames } from './frames.ts';
import type { Journal } from './journal.ts';
import { Ledger, type NewEvent } from './ledger.ts';
import { applyRules, initialRules, type Observation, type RulesState } from './rules.ts';
import { SignalStream } from './signal-stream.ts';

/** The exam socket as the session sees it. */
export interface ExamClient {
  send(message: ExamDown): void;
  /** Tells why, then closes. */
  end(code: CloseCode, error?: ProtocolError): void;
}

export interface SessionParts extends FrameParts {
  readonly journal: Journal;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly models: () => readonly LoadedModel[] | undefined;
  /** Another process owns the session, or the database refuses it: it must be forgotten here. */
  readonly onRefused: (session: LiveSession, reason: 'fenced' | 'unstorable') => void;
  /** The end is committed. */
  readonly onEnded: (session: LiveSession) => void;
}

const over = () => new ProtocolError('session_over', 'this session is over', { close: CLOSE.sessionOver });

/** One attempt, held by the process that owns it: what arrives becomes events, what is committed is told. */
export class LiveSession implements FrameListener {
  readonly id: string;
  readonly examId: string;
  readonly studentId: string;
  readonly #studentName: string;
  readonly #startedAt: Date;
  readonly #policyVersion: number;
  readonly #parts: SessionParts;
  readonly #ledger: Ledger;
  readonly frames: Frames;
  readonly #streams = new Map<string, SignalStream>();
  #rules: RulesState;
  #client: ExamClient | undefined;
  /** Since when no socket has been attached; undefined while one is. */
  detachedAt: number | undefined;

  constructor(row: SessionRow & { student_name: string }, open: readonly EventRow[], parts: SessionParts) {
    const now = parts.clock();
    this.id = row.id;
    this.examId = row.exam_id;
    this.studentId = row.student_id;
    this.#studentName = row.student_name;
    this.#startedAt = row.started_at;
    this.#policyVersion = row.policy_version;
    this.#parts = parts;
    this.#ledger = new Ledger(row, open);
    this.frames = new Frames(this.#ledger.policy.frames, parts, this, now);
    this.#rules = initialRules(now);
    this.detachedAt = now;
    this.#closeLeftovers(row, now);
  }

  get connected(): boolean {
    return this.#client !== undefined;
  }

  get lastFrameAt(): number | undefined {
    return this.#ledger.lastFrameAt;
  }

  get isOver(): boolean {
    return this.#ledger.status === 'ended';
  }

  get deadline(): Date | null {
    return this.#ledger.deadline;
  }

  view(): SessionView {
    const now = this.#parts.clock();
    const totals = this.#ledger.totals();
    return {
      id: this.id,
      examId: this.examId,
      studentId: this.studentId,
      studentName: this.#studentName,
      status: totals.status,
      connected: this.connected,
      startedAt: this.#startedAt.toISOString(),
      deadline: totals.deadline?.toISOString() ?? null,
      endedAt: totals.ended_at?.toISOString() ?? null,
      ...this.#ledger.risk(now),
      open: this.#ledger.openTypes,
      lastFrameAt: totals.last_frame_at?.toISOString() ?? null,
      offset: totals.last_offset,
    };
  }

  throttle(): Throttle {
    const { maxWidth, quality, sendFps } = this.#ledger.policy.frames;
    const fps = this.frames.sendFps;
    const reason = this.#parts.models() ? (fps < sendFps ? 'busy' : 'policy') : 'vision_off';
    return { fps, maxWidth, quality, reason };
  }

  // -- the exam socket ------------------------------------------------------------------------------------------

  /** Streams whose signals are known here; another one is read from the database first and given to `adopt`. */
  stream(id: string): SignalStream | undefined {
    return this.#streams.get(id);
  }

  adopt(stream: SignalStream): SignalStream {
    const known = this.#streams.get(stream.id);
    if (known) return known;
    this.#streams.set(stream.id, stream);
    return stream;
  }

  /** The newest connection wins (rule C7). @throws ProtocolError `session_over` */
  attach(client: ExamClient, stream: SignalStream): void {
    if (this.isOver) throw over();
    const now = this.#parts.clock();
    const before = this.#client;
    this.#client = client;
    this.detachedAt = undefined;
    this.frames.restart();
    this.#rules = applyRules(this.#ledger.policy, this.#rules, { kind: 'resume', at: now }).state;
    client.send(this.#welcome(stream));
    if (before) {
      before.end(CLOSE.takenOver);
      this.#store([this.#instant('SESSION_TAKEOVER', 'connection', now)], true);
    } else {
      this.#store(this.#restored(now), true);
    }
  }

  /** The socket is gone. A gap, not an offence (rule E6). */
  detach(client: ExamClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    const now = this.#parts.clock();
    this.detachedAt = now;
    this.frames.clear();
    if (this.isOver) return;
    const rows = this.#observe({ kind: 'gap', at: now });
    rows.push(this.#record({ type: 'CONNECTION_LOST', source: 'connection', startedAt: now, endedAt: undefined }));
    this.#store(rows, true);
  }

  /** @throws ProtocolError for a number that is wrong, a name that is reserved, or a session that is over */
  signal(stream: SignalStream, signal: Signal): void {
    if (this.isOver) throw over();
    if (RESERVED.has(signal.signal)) throw new ProtocolError('reserved_signal', `${signal.signal} is given by the server only`, { ref: signal.seq });
    const digest = createHash('sha256').update(JSON.stringify([signal.signal, signal.at, signal.data ?? null])).digest('base64url');
    let verdict: 'new' | 'repeat';
    try {
      verdict = stream.accept(signal.seq, digest);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'sequence_conflict') {
        const details = { stream: stream.id, clientSeq: signal.seq, signal: signal.signal };
        this.#store([this.#instant('SEQUENCE_CONFLICT', 'connection', this.#parts.clock(), details)]);
      }
      throw error;
    }
    if (verdict === 'repeat') {
      if (stream.committed >= signal.seq) this.#client?.send({ type: 'ack', seq: stream.committed });
      return;
    }
    const now = this.#parts.clock();
    const row = this.#record({
      type: signal.signal,
      source: 'client',
      startedAt: now,
      endedAt: now,
      details: { clientAt: signal.at, ...(signal.data && { data: signal.data }) },
      signal: { stream: stream.id, seq: signal.seq, digest },
    });
    this.#store([row], false, stream);
  }

  frame(frame: Frame): void {
    if (this.isOver) throw over();
    const now = this.#parts.clock();
    this.#ledger.lastFrameAt = now;
    if (this.#ledger.status === 'paused') {
      this.#parts.metrics.framesReceived.inc();
      this.#parts.metrics.framesDropped.inc({ reason: 'paused' });
      return;
    }
    this.frames.push(frame, now);
  }

  // -- what frames lead to --------------------------------------------------------------------------------------

  arrived(frame: Frame, now: number): void {
    this.#store(this.#observe({ kind: 'frame', at: now }));
    if (this.#parts.feed.isWatched(this.id)) this.#parts.feed.publishFrame({ ...frame, session: this.id });
  }

  invalid(frame: { seq: number }, problem: string, at: number): void {
    if (this.#ledger.status === 'active') this.#store(this.#observe({ kind: 'invalid', at }, { problem, frame: frame.seq }));
  }

  detected(seq: number, detection: Detection, at: number): void {
    // Paused, ended or cut off while the models looked: nothing may come of it any more.
    if (this.#ledger.status !== 'active' || !this.#client) return;
    const rows = this.#observe({ kind: 'detection', detection, at }, incidentDetails(detection, this.#parts.models()));
    this.#store(rows);
    const analysis = analysisOf(seq, detection);
    this.#client.send({ type: 'analysis', ...analysis });
    if (this.#parts.feed.isWatched(this.id)) this.#parts.feed.publishAnalysis(this.id, analysis);
  }

  quarantined(at: number): void {
    this.#store([this.#instant('FRAMES_REFUSED', 'connection', at)]);
  }

  /** Once a second: what time alone brings about. */
  tick(now: number): void {
    if (this.isOver) return;
    const deadline = this.#ledger.deadline;
    if (deadline && now >= deadline.getTime()) {
      void this.end('expired').catch(() => {});
      return;
    }
    if (this.#client && this.#ledger.status === 'active') this.#store(this.#observe({ kind: 'tick', at: now }));
  }

  /** The shared rate changed. */
  retune(): void {
    this.frames.retune(this.#parts.clock());
    this.#client?.send({ type: 'throttle', ...this.throttle() });
  }

  /** Shows consoles the age of the last frame. */
  publishState(): void {
    this.#parts.feed.publish({ view: this.view(), changes: [], state: true });
  }

  // -- what people do -------------------------------------------------------------------------------------------

  /** Resolves when it is committed. @throws ProtocolError `session_over` */
  command(command: Command, by: { userId: string }): Promise<void> {
    if (this.isOver) throw over();
    const now = this.#parts.clock();
    const details = { by: by.userId, ...('reason' in command && command.reason ? { reason: command.reason } : {}) };
    switch (command.do) {
      case 'pause': {
        if (this.#ledger.status === 'paused') return Promise.resolve();
        this.frames.clear();
        const rows = this.#observe({ kind: 'gap', at: now });
        rows.push(this.#instant('SESSION_PAUSED', 'proctor', now, details));
        this.#ledger.setStatus('paused');
        return this.#storeAndTell(rows, { type: 'paused', reason: command.reason ?? null });
      }
      case 'resume': {
        if (this.#ledger.status === 'active') return Promise.resolve();
        this.#ledger.setStatus('active');
        this.#rules = applyRules(this.#ledger.policy, this.#rules, { kind: 'resume', at: now }).state;
        return this.#storeAndTell([this.#instant('SESSION_RESUMED', 'proctor', now, details)], { type: 'resumed' });
      }
      case 'message':
        return this.#storeAndTell([this.#instant('PROCTOR_MESSAGE', 'proctor', now, { ...details, text: command.text })], { type: 'notice', text: command.text });
      case 'extend': {
        const deadline = this.#ledger.extend(command.minutes, now).toISOString();
        const row = this.#instant('SESSION_EXTENDED', 'proctor', now, { ...details, minutes: command.minutes, deadline });
        return this.#storeAndTell([row], { type: 'extended', deadline });
      }
      case 'terminate':
        return this.end('terminated', details);
    }
  }

  /** Resolves when the end is committed; the socket is told and closed then. @throws ProtocolError `session_over` */
  end(reason: EndReason, details?: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.isOver) throw over();
    const now = this.#parts.clock();
    this.frames.clear();
    const rows = this.#observe({ kind: 'gap', at: now });
    for (const event of this.#ledger.openEvents()) {
      const closed = this.#ledger.change(event.type, { at: now, ended: true });
      if (closed) rows.push(closed);
    }
    if (reason === 'terminated') rows.push(this.#instant('SESSION_TERMINATED', 'proctor', now, details));
    this.#ledger.end(reason, now);
    return this.#store(rows, true).then(() => {
      this.#client?.send({ type: 'ended', reason, risk: this.#ledger.risk(now) });
      this.#client?.end(CLOSE.sessionOver);
      this.#client = undefined;
      this.#parts.onEnded(this);
    });
  }

  /** Closes the exam socket, for example because this process must not speak for the session any more. */
  drop(code: CloseCode, error?: ProtocolError): void {
    this.#client?.end(code, error);
  }

  // -- inside ---------------------------------------------------------------------------------------------------

  #welcome(stream: SignalStream): ExamDown {
    const policy = this.#ledger.policy;
    return {
      type: 'welcome',
      sessionId: this.id,
      stream: stream.id,
      lastAck: stream.committed,
      throttle: this.throttle(),
      risk: this.#ledger.risk(this.#parts.clock()),
      paused: this.#ledger.status === 'paused',
      deadline: this.#ledger.deadline?.toISOString() ?? null,
      vision: this.#parts.models() ? 'on' : 'off',
      policy: {
        version: this.#policyVersion,
        calibrationSeconds: policy.calibration.seconds,
        retentionDays: policy.retentionDays,
        levels: policy.levels,
      },
    };
  }

  /** A process that died left incidents open: they lasted as long as was last written. */
  #closeLeftovers(row: SessionRow, now: number): void {
    const rows: EventWrite[] = [];
    for (const event of this.#ledger.openEvents()) {
      if (event.type === 'CONNECTION_LOST') continue;
      const seenUntil = event.started_at.getTime() + (event.duration_ms ?? 0);
      const closed = this.#ledger.change(event.type, { at: seenUntil, ended: true });
      if (closed) rows.push(closed);
    }
    const seenAt = row.last_frame_at?.getTime();
    if (seenAt !== undefined && !this.#ledger.isOpen('CONNECTION_LOST') && row.status !== 'ended') {
      rows.push(this.#record({ type: 'CONNECTION_LOST', source: 'connection', startedAt: Math.min(seenAt, now), endedAt: undefined, details: { by: 'server' } }));
    }
    if (rows.length > 0) this.#store(rows);
  }

  #restored(now: number): EventWrite[] {
    const lost = this.#ledger.change('CONNECTION_LOST', { at: now, ended: true });
    return lost ? [lost, this.#instant('CONNECTION_RESTORED', 'connection', now)] : [];
  }

  #record(event: NewEvent): EventWrite {
    return this.#ledger.record(event, this.#parts.clock());
  }

  #instant(type: string, source: NewEvent['source'], at: number, details?: Readonly<Record<string, unknown>>): EventWrite {
    return this.#record({ type, source, startedAt: at, endedAt: at, ...(details && { details }) });
  }

  /** Runs the rules; their changes become rows of events. */
  #observe(observation: Observation, context: Readonly<Record<string, unknown>> = {}): EventWrite[] {
    const { state, changes } = applyRules(this.#ledger.policy, this.#rules, observation);
    this.#rules = state;
    const rows: EventWrite[] = [];
    for (const change of changes) {
      const details = { frames: change.frames, ...(change.kind === 'open' ? context : {}) };
      const { type, confidence } = change;
      const row =
        change.kind === 'open'
          ? this.#record({ type, source: 'vision', startedAt: change.startedAt, endedAt: undefined, confidence, details })
          : this.#ledger.change(type, { at: change.at, ended: change.kind === 'close', confidence, details });
      if (row) rows.push(row);
    }
    return rows;
  }

  #storeAndTell(rows: readonly EventWrite[], message: ExamDown): Promise<void> {
    return this.#store(rows, true).then(() => this.#client?.send(message));
  }

  /** Everything after COMMIT happens in `committed`: echo, risk, acknowledgement, feed. */
  #store(rows: readonly EventWrite[], state = false, stream?: SignalStream): Promise<void> {
    if (rows.length === 0 && !state) return Promise.resolve();
    const stored = new Promise<void>((resolve, reject) => {
      const view = this.view();
      this.#parts.journal.append({
        totals: this.#ledger.totals(),
        events: rows,
        committed: () => {
          this.#committed(rows, view, state, stream);
          resolve();
        },
        refused: (reason) => {
          reject(new ProtocolError('session_not_live', 'another server holds this session', { retryable: true }));
          this.#parts.onRefused(this, reason);
        },
      });
    });
    // Most callers go on without waiting; `onRefused` has told for them.
    stored.catch(() => {});
    return stored;
  }

  #committed(rows: readonly EventWrite[], view: SessionView, state: boolean, stream: SignalStream | undefined): void {
    const changes = rows.map((row) => ({ offset: row.change_offset, event: eventView(row) }));
    for (const change of changes) this.#client?.send({ type: 'event', event: change.event });
    if (rows.length > 0) this.#client?.send({ type: 'risk', score: view.score, rolling: view.rolling, level: view.level });
    const seq = rows[0]?.client_seq;
    if (stream && seq != null) {
      stream.commit(seq);
      this.#client?.send({ type: 'ack', seq: stream.committed });
    }
    this.#parts.feed.publish({ view: { ...view, connected: this.connected }, changes, state });
  }
}

/** A new stream, named by the server. */
export const newStream = (): SignalStream => new SignalStream(uuidv7());
