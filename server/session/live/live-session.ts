import type { Readmission } from '../../../db/available-exams.ts';
import type { EventRow } from '../../../db/events.ts';
import type { NamedSessionRow, StudentNames } from '../../../db/sessions.ts';
import type { Command } from '../../../protocol/console.ts';
import type { EndReason, ExamDown } from '../../../protocol/down.ts';
import { LONGEST_PAUSE_MS } from '../../../protocol/pause.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../../protocol/errors.ts';
import { isStudentWord } from '../../../protocol/event-types.ts';
import type { Answer, Hello, Seen, Signal, State } from '../../../protocol/exam.ts';
import type { Frame } from '../../../protocol/frame.ts';
import type { FrameAnalysis } from '../../../protocol/http/frames.ts';
import { conversationOf } from '../../../protocol/policy.ts';
import type { RequestKind } from '../../../protocol/request-kinds.ts';
import { SessionFrames, type SessionFramesParts, storeDown } from '../frames/session-frames.ts';
import type { Pressure } from '../record/backlog.ts';
import { actOfFlag, type NewFlag, SNAPSHOT } from '../record/flag.ts';
import { type Audience, SessionRecorder } from '../record/session-recorder.ts';
import { cryptoRandom, type Random } from '../requests/chance.ts';
import { SessionRequests } from '../requests/session-requests.ts';
import { type FindName, StaffMessages } from '../conversation/staff-messages.ts';
import { BoundedEvents } from '../signals/bounded-events.ts';
import { ClientStates } from '../signals/client-states.ts';
import { type Report, Reports } from '../signals/reports.ts';
import { SignalIntake } from '../signals/signal-intake.ts';
import type { SignalStream } from '../signals/signal-stream.ts';
import { ClientLink, type ExamClient } from './client-link.ts';
import { actOfEnd } from './end-act.ts';
import type { OriginDigest } from './origin-digest.ts';
import { type Act, type CommandAuthor, ProctorCommands } from './proctor-commands.ts';
import { closeLeftovers } from './unfinished-incidents.ts';

export interface SessionParts extends SessionFramesParts {
  readonly originDigest: OriginDigest;
  /** Name of somebody of the staff, for messages that show it. */
  readonly findName: FindName;
  /** For requests at random times; default: the system's generator. */
  readonly random?: Random | undefined;
  /** Another process owns the session, or the database refuses its rows: it must be dropped from memory. */
  readonly onRefused: (session: LiveSession, reason: 'fenced' | 'unstorable') => void;
  /** The end is committed. */
  readonly onEnded: (session: LiveSession) => void;
}

const over = () => new ProtocolError('session_over', 'session has ended', { close: CLOSE.sessionOver });

/** A running session in the process that owns it: its exam socket, frames, signals and proctors, around one recorder. */
export class LiveSession implements Audience {
  readonly id: string;
  readonly studentId: string;
  readonly examId: string;
  /** Of the claim that it was loaded by. */
  readonly epoch: number;
  #room: string | null;
  readonly reports: Reports;
  readonly signals: SignalIntake;
  readonly #parts: SessionParts;
  readonly #recorder: SessionRecorder;
  readonly #bounded: BoundedEvents;
  readonly #frames: SessionFrames;
  readonly #states: ClientStates;
  readonly #link: ClientLink;
  readonly #commands: ProctorCommands;
  readonly #requests: SessionRequests;
  readonly #messages: StaffMessages;
  /** Somebody watches the camera live. */
  #isWatched: boolean;
  /** Requests that the connected client shows. */
  #shows: ReadonlySet<RequestKind> = new Set();
  #pressure: Pressure;
  #ending: Promise<void> | undefined;

  constructor(row: NamedSessionRow, open: readonly EventRow[], parts: SessionParts) {
    const { clock } = parts;
    const now = clock();
    this.id = row.id;
    this.studentId = row.student_id;
    this.examId = row.exam_id;
    this.epoch = row.owner_epoch;
    this.#room = row.room;
    this.#parts = parts;
    this.#pressure = parts.writeQueue.pressure;
    this.#isWatched = parts.feed.isWatched(row.id);
    const recorder = new SessionRecorder(row, open, parts, this);
    this.#recorder = recorder;
    this.#bounded = new BoundedEvents(recorder, (stream, seq) => this.signals.acknowledge(stream, seq), clock);
    recorder.admitIncident = (type, at) => this.#bounded.admits(type, at);
    this.#states = new ClientStates(recorder, this.#bounded, clock);
    recorder.clientState = () => this.#states.last;
    this.signals = new SignalIntake(recorder, this.#bounded, this, clock);
    this.#frames = new SessionFrames(row, recorder, this, parts);
    this.reports = new Reports(recorder, clock, row.last_seq === 0);
    this.#link = new ClientLink({
      session: row.id,
      recorder,
      bounded: this.#bounded,
      frames: this.#frames,
      signals: this.signals,
      states: this.#states,
      digest: parts.originDigest,
      clock,
    });
    this.#messages = new StaffMessages({
      recorder,
      clock,
      send: (message) => this.send(message),
      findName: parts.findName,
    });
    this.#commands = new ProctorCommands({
      recorder,
      frames: this.#frames,
      messages: this.#messages,
      clock,
      send: (message) => this.send(message),
      end: (reason, by, act) => this.end(reason, by, act),
    });
    this.#requests = new SessionRequests({
      recorder,
      clock,
      random: parts.random ?? cryptoRandom,
      send: (message) => this.send(message),
      retune: () => this.retune(),
      client: () => ({
        connected: this.connected,
        shows: this.#shows,
        visible: this.#states.last?.visible ?? undefined,
      }),
      isObserved: () => this.#isObserved,
      isAnalysed: () => parts.models() !== undefined,
    });
    this.#frames.requests = this.#requests;
    void recorder.store([...closeLeftovers(recorder, row, now), ...this.#requests.resume(now)]);
  }

  get room(): string | null {
    return this.#room;
  }

  /** Its enrolment is in another room now; stored already. Rights and consoles follow in this turn. */
  moveTo(room: string | null): void {
    this.#room = room;
    this.#recorder.moveTo(room);
  }

  /** Its student has another name or address now; stored already. */
  rename(names: StudentNames): void {
    this.#recorder.rename(names);
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  get isHandRaised(): boolean {
    return this.#recorder.state.conversation.isHandRaised;
  }

  /** Since when no socket has been attached, server ms; undefined while one is. */
  get detachedAt(): number | undefined {
    return this.#link.detachedAt;
  }

  /** See `SessionState.isAttentionSettled`. */
  isAttentionSettled(now: number): boolean {
    return this.#recorder.state.isAttentionSettled(now);
  }

  /** Level of the write queue that this session acts on. */
  get pressure(): Pressure {
    return this.#pressure;
  }

  get isOver(): boolean {
    return this.#recorder.state.status === 'ended';
  }

  get lastFrameAt(): number | undefined {
    return this.#recorder.state.lastFrameAt;
  }

  // -- the exam socket

  /** As `ClientLink.attach`. @throws ProtocolError also `session_over` */
  attach(client: ExamClient, stream: SignalStream, hello: Hello): boolean {
    if (this.isOver) throw over();
    const taken = this.#link.attach(client, stream, hello);
    this.#shows = new Set(hello.shows);
    this.#messages.attached(hello.marksMessages === true);
    this.#tellWatched();
    this.#requests.attached(this.#parts.clock());
    return taken;
  }

  detach(client: ExamClient): void {
    const before = this.connected;
    this.#link.detach(client);
    if (before && !this.connected && !this.isOver) this.#requests.interrupted('offline', this.#parts.clock());
  }

  /** @throws ProtocolError for a wrong number, a reserved name, or a session that is over */
  signal(stream: SignalStream, signal: Signal): void {
    // The end may not be committed yet: `ended` and the close come after COMMIT.
    if (this.isOver) throw new ProtocolError('session_over', 'session is ending', { ref: signal.seq });
    this.#link.spoke();
    this.signals.push(stream, signal);
  }

  /** The client reports its state. */
  state(state: State): void {
    if (this.isOver) return;
    this.#link.spoke();
    this.#link.heard();
    this.#states.take(state, this.signals.isHeld);
  }

  /** The client marks messages of staff (rule M4). */
  seen(seen: Seen): void {
    if (this.isOver) return;
    this.#link.spoke();
    this.#link.heard();
    this.#messages.seen(seen);
  }

  /** The student, or the page, answers a request. */
  answer(answer: Answer): void {
    if (this.isOver) return;
    this.#link.spoke();
    this.#link.heard();
    this.#requests.answer(answer);
  }

  /** @throws ProtocolError as `FrameIntake.push` */
  frame(frame: Frame): void {
    this.#link.spoke();
    this.#frames.push(frame, this.#parts.clock());
  }

  // -- requests of the student's client, with or without a socket

  /**
   * Resolves with the committed event.
   * @throws ProtocolError `session_over`, `rate_limited`, or `unavailable` while signals are held
   */
  async report(report: Report, stream: string, repeatable: boolean): Promise<EventRow> {
    if (this.isOver) throw over();
    if (this.#pressure === 'signals') throw storeDown();
    this.#link.heard();
    if (isStudentWord(report.type) && !conversationOf(this.#recorder.state.policy).enabled)
      throw new ProtocolError('reserved_signal', 'the exam has no conversation with staff');
    this.#bounded.admitReport(report.type, this.#parts.clock());
    this.signalled(report.type, report.data);
    return this.reports.add(report, stream, repeatable);
  }

  /** @throws ProtocolError as `PostedFrames.analyse`, and `unavailable` while frames are dropped for the database */
  async analyse(jpeg: Uint8Array): Promise<FrameAnalysis> {
    if (this.#pressure !== 'none' && !this.isOver) throw storeDown();
    this.#link.heard();
    return this.#frames.post(jpeg);
  }

  // -- time and load

  /** Once a second. */
  tick(now: number): void {
    if (this.isOver) return;
    const { endsAt } = this.#recorder.state;
    if (endsAt && now >= endsAt.getTime()) {
      void this.expire().catch(() => {});
      return;
    }
    this.#bounded.tick(now);
    this.#frames.tick(now);
    this.#states.tick(this.#isObserved, now);
    this.#requests.tick(now);
    this.#link.tick(now);
    this.#recorder.tick(now);
  }

  /** The shared frame rate or the state of vision changed. */
  retune(): void {
    this.#frames.retune(this.#parts.clock());
    this.send({ type: 'throttle', ...this.#frames.throttle });
  }

  /** More writes wait for the database, or fewer (rule S9): frames are dropped first, then signals are held. */
  press(pressure: Pressure): void {
    const before = this.#pressure;
    this.#pressure = pressure;
    if (this.isOver || pressure === before) return;
    const now = this.#parts.clock();
    if (before === 'none') {
      void this.#recorder.store(this.#frames.stop(now, 'store_away'));
      this.#requests.interrupted('server_busy', now);
    }
    if (pressure === 'none') this.#frames.begin(now);
    if (before === 'none' || pressure === 'none') this.retune();
    this.signals.press();
  }

  saveMinutes(): void {
    this.#frames.saveMinutes(this.#parts.clock());
  }

  publishState(): void {
    this.#recorder.publishState();
  }

  // -- people

  /** Resolves when it is committed and the student is told. @throws ProtocolError `session_over` */
  async command(command: Command, by: CommandAuthor): Promise<void> {
    if (this.isOver) throw over();
    const given = this.#commands.run(command, by);
    if (this.#recorder.state.status === 'paused') this.#requests.interrupted('paused', this.#parts.clock());
    return given;
  }

  /** Staff have read messages of the student, up to a number. Resolves with those left. @throws ProtocolError `session_over` */
  async read(upTo: number, by: string): Promise<number> {
    if (this.isOver) throw over();
    return this.#messages.readByStaff(upTo, by);
  }

  /** Somebody of the staff lowers the student's hand. @throws ProtocolError `session_over` */
  async lowerHand(by: string): Promise<void> {
    if (this.isOver) throw over();
    return this.#messages.lowerHand(by);
  }

  /** Somebody watches the camera live, or nobody does any more (rule M6). */
  watched(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#tellWatched();
  }

  /** A request of staff to the student, or a face check. @throws ProtocolError `session_over`, or that of the request */
  async request<T>(make: (requests: SessionRequests) => Promise<T>): Promise<T> {
    if (this.isOver) throw over();
    return make(this.#requests);
  }

  /**
   * A person's flag, and the picture that they keep with it. Resolves when it is committed.
   * @throws ProtocolError `session_not_live`; with a picture also `session_over` and `pictures_off`
   */
  flag(flag: NewFlag, snapshot: boolean): Promise<EventRow> {
    if (snapshot) this.#checkPictures();
    return this.#recorder.flag(flag, undefined, ({ id }) => snapshot && this.#requests.snapshots.take(id));
  }

  /** A person keeps the next image. Resolves when the event is committed. @throws ProtocolError as `flag` */
  async snapshot(by: string): Promise<EventRow> {
    this.#checkPictures();
    const row = this.#recorder.instant(SNAPSHOT, 'proctor', this.#parts.clock(), { by });
    const stored = this.#recorder.store([row], { stateChanged: true, audit: [actOfFlag(row, by)] });
    this.#requests.snapshots.take(row.id);
    await stored;
    return row;
  }

  /** Records that the ended session goes on. Resolves when it is committed. */
  async continued({ id, extra_minutes, created_by }: Readmission): Promise<void> {
    const details = { by: created_by, readmissionId: id, ...(extra_minutes > 0 && { minutes: extra_minutes }) };
    const row = this.#recorder.instant('SESSION_CONTINUED', 'proctor', this.#parts.clock(), details);
    await this.#recorder.store([row], { stateChanged: true });
  }

  /**
   * A person's decisions about events, also while the session is ending.
   * @throws ProtocolError `not_found` or `session_not_live`
   */
  review(...args: Parameters<SessionRecorder['review']>): Promise<EventRow[]> {
    return this.#recorder.review(...args);
  }

  /**
   * Resolves when the end is committed, for each caller; then the client is told and its socket closed.
   * @param by user who ends it; null: the server
   */
  end(reason: EndReason, by: string | null, act?: Act): Promise<void> {
    const at = this.#parts.clock();
    this.#ending ??= this.#end(reason, by, { at, recordedAt: at }, act);
    return this.#ending;
  }

  /**
   * Ends the session because its time is over, or because nobody resumed it. It has ended then, also if the server did not
   * run; not before the client was last heard. Resolves when that is committed.
   */
  async expire(): Promise<void> {
    const { state } = this.#recorder;
    const now = this.#parts.clock();
    // It was extended or resumed since it was found overdue.
    if (!this.isOver && (!state.endsAt || now < state.endsAt.getTime())) return;
    const at = Math.min(now, Math.max(state.endsAt?.getTime() ?? now, state.lastSeenAt ?? 0, state.lastFrameAt ?? 0));
    if (state.status === 'paused') {
      const hours = LONGEST_PAUSE_MS / 3_600_000;
      void this.#recorder.store([this.#recorder.instant('PAUSE_EXPIRED', 'connection', at, { hours })]);
    }
    this.#ending ??= this.#end('expired', null, { at, recordedAt: now });
    return this.#ending;
  }

  /** Closes the exam socket, if there is one. */
  drop(code: CloseCode): void {
    this.#link.close(code);
  }

  // -- audience of the recorder and of the signals

  signalled(type: string, data: Readonly<Record<string, unknown>> | undefined): void {
    this.#states.signalled(type, data);
  }

  send(message: ExamDown): void {
    this.#link.send(message);
  }

  refused(reason: 'fenced' | 'unstorable'): void {
    this.#frames.drop(this.#parts.clock());
    this.#parts.onRefused(this, reason);
  }

  // -- inside

  get #isObserved(): boolean {
    return this.connected && this.#pressure === 'none' && this.#recorder.state.status === 'active';
  }

  #tellWatched(): void {
    if (conversationOf(this.#recorder.state.policy).showWatching)
      this.send({ type: 'watched', watching: this.#isWatched });
  }

  #checkPictures(): void {
    if (this.isOver) throw over();
    if (!this.#recorder.keepsPictures)
      throw new ProtocolError('pictures_off', 'the policy of the session keeps no pictures');
  }

  /** @param at the end, which can be over for a while when it is recorded */
  async #end(
    reason: EndReason,
    by: string | null,
    { at: now, recordedAt }: { readonly at: number; readonly recordedAt: number },
    act?: Act,
  ): Promise<void> {
    const { state } = this.#recorder;
    const counted = this.#bounded.last(now);
    const rows = [...(act ? [act.row] : []), ...counted.rows, ...this.#requests.stop(now)];
    rows.push(...this.#states.stop(now), ...this.#frames.stop(now));
    rows.push(...state.closeOpen(reason, now));
    state.end(reason, now);
    await this.#recorder.store(rows, {
      stateChanged: true,
      committed: counted.committed,
      minutes: this.#frames.takeMinutes(now),
      audit: [...(act ? [act.entry] : []), actOfEnd(state.totals(now), by, new Date(recordedAt))],
    });
    this.send({ type: 'ended', reason, risk: state.risk(now) });
    this.#link.release(CLOSE.sessionOver);
    this.#parts.onEnded(this);
  }
}
