import type { ExamDown, Throttle } from '../../protocol/down.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { isStudentWord } from '../../protocol/event-types.ts';
import type { Risk } from '../../protocol/events.ts';
import type { ExamMessage } from '../../protocol/exam.ts';
import type { RequestAnswer, RequestKind } from '../../protocol/request-kinds.ts';
import type { ClientEvents, Ended, Uplink, Welcome } from './client-events.ts';
import { CLIENT } from './client-name.ts';
import { asWaiting, checkMessage, Conversation, type WaitingMessage } from './conversation.ts';
import { Deferred } from './deferred.ts';
import { Emitter } from './emitter.ts';
import { type FrameCounts, FrameSender } from './frame-sender.ts';
import { Link } from './link.ts';
import type { LinkOptions, TicketAnswer } from './link-options.ts';
import type { LinkState, StateChange } from './link-state.ts';
import type { PictureSettings } from './picture-settings.ts';
import { checkSignal } from './signal-check.ts';
import { SignalKeeper } from './signal-keeper.ts';
import { SignalQueue } from './signal-queue.ts';
import type { SignalStore } from './signal-store.ts';
import { ServerClock } from './server-clock.ts';
import { type PageState, StateReports } from './state-reports.ts';
import { StallWatch } from './stall-watch.ts';

/** A connection on which nothing moves for this long is dead, ms; longer while many bytes are on the way. */
const STALL_MS = 20_000;
/** Interval of looks at the line, ms; the camera's clock looks more often. */
const LOOK_MS = 1_000;

/**
 * A tab that claims the signals connects next, which ends this connection. If it is still open after this long, ms, the
 * other tab is gone.
 */
const TAKEOVER_MS = 5_000;

const over = () => new ProtocolError('session_over', 'session is over');

export interface ClientOptions extends LinkOptions {
  /** Id of the session. Tickets for other sessions are refused. Required to store signals beyond the process. */
  readonly session?: string | undefined;
  /** Random id that is kept on this device; the server notices another one in the same session (rule E11). */
  readonly device?: string | undefined;
  /** Reads the state of the exam page, which is then reported every 10 s (rule E10). Default: none is. */
  readonly state?: (() => PageState) | undefined;
  /** Requests that the program shows to the student, and answers by `answer`. Default: none are made. */
  readonly shows?: readonly RequestKind[] | undefined;
  /**
   * Opens the store for unacknowledged signals. Called once, if the session is known before the first connection.
   * Default: signals are in memory only.
   */
  readonly openStore?: ((session: string) => SignalStore | undefined) | undefined;
}

/**
 * The exam client: connects one session to the server and reconnects after interruptions. Signals are numbered, queued
 * and stored exactly once; frames are sent at the rate set by the server, or as fast as the uplink allows, or skipped.
 */
export class InvigilClient {
  readonly #link: Link<ExamMessage, ExamDown>;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #options: ClientOptions;
  readonly #queue = new SignalQueue();
  readonly #keeper = new SignalKeeper(this.#queue, { kept: () => this.#pump(), lost: () => this.#lost() });
  readonly #frames = new FrameSender();
  readonly #stall = new StallWatch(STALL_MS);
  readonly #clock = new ServerClock();
  readonly #conversation = new Conversation();
  readonly #states: StateReports;
  #lookTimer: ReturnType<typeof setInterval> | undefined;

  #sessionId: string | undefined;
  #risk: Risk | undefined;
  #throttle: Throttle | undefined;
  /** Interval of the server's `time` on this connection, ms. */
  #speaksEvery: number | undefined;
  #uplinkState: Uplink['state'] = 'full';
  #deadline: string | null = null;
  #paused = false;
  /** Server ms from which on the session's clock stands still; undefined while it runs, and with older servers. */
  #pausedAt: number | undefined;
  #ended: Ended | undefined;

  #ready: Deferred<void> | undefined;
  #drained: Deferred<void> | undefined;
  #finish: Deferred<Ended> | undefined;
  #finishSent = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#states = new StateReports(options.state);
    this.#link = new Link<ExamMessage, ExamDown>(
      { ...options, getTicket: () => this.#ticket() },
      {
        opened: () => this.#hello(),
        message: (message) => this.#message(message),
        binary: () => {},
        changed: (change) => this.#changed(change),
        stopped: (state, error) => this.#stopped(state, error),
      },
    );
  }

  /** State of the connection. */
  get state(): LinkState {
    return this.#link.state;
  }
  /** True while connected, or trying to be. */
  get running(): boolean {
    return this.#link.running;
  }
  /** Id of the session; undefined before the first `welcome`. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }
  /** Last known risk; undefined before the first `welcome`. */
  get risk(): Risk | undefined {
    return this.#risk;
  }
  /** Frame rate, width and quality allowed by the server; undefined before the first `welcome`. */
  get throttle(): Throttle | undefined {
    return this.#throttle;
  }
  /** Rate, width and quality for the next frame: those of the server, or lower ones on a slow uplink. */
  get picture(): PictureSettings | undefined {
    return this.#frames.settings;
  }
  /** Whether frames are reduced for a slow uplink; undefined before the first `welcome`. */
  get uplink(): Uplink | undefined {
    const { settings } = this.#frames;
    return settings && { state: this.#uplinkState, ...settings };
  }
  /** Time the session ends automatically, ISO 8601; null without a limit or before the first `welcome`. */
  get deadline(): string | null {
    return this.#deadline;
  }
  /**
   * Time left until the deadline, ms, by the server's clock and not by this device's; negative after it. It stands still
   * during a pause. Undefined without a limit or before the first `welcome`.
   */
  get remainingMs(): number | undefined {
    if (this.#deadline === null) return undefined;
    return Date.parse(this.#deadline) - (this.#pausedAt ?? this.#clock.at(performance.now()) ?? Date.now());
  }
  /** True while a proctor has paused the session. */
  get paused(): boolean {
    return this.#paused;
  }
  /** Number of unacknowledged signals. */
  get pending(): number {
    return this.#queue.size;
  }
  /** True between `hold` and `go`: the server is saturated, and signals are kept here. */
  get held(): boolean {
    return this.#queue.held;
  }
  /** Frames sent and skipped since the client was created. */
  get frames(): FrameCounts {
    return this.#frames.counts;
  }

  /** Adds a listener. @returns a function that removes it */
  on<K extends keyof ClientEvents>(name: K, listener: (value: ClientEvents[K]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Connects and stays connected until `close()` or a final state. Resolves at the first `welcome`. Can be called again
   * later; unacknowledged signals are then sent.
   * @throws ProtocolError if a final state (`unauthenticated`, `takenOver`, `ended`, `failed`) comes first
   */
  connect(): Promise<void> {
    if (this.state === 'ended') return Promise.reject(over());
    if (!this.#ready || !this.#link.running) this.#ready = new Deferred();
    const { promise } = this.#ready;
    if (!this.#link.running) this.#keeper.reclaim();
    this.#link.start();
    return promise;
  }

  /** Disconnects. The session continues, and unacknowledged signals are kept for a later `connect()`. */
  close(): void {
    if (this.#link.running) this.#link.stop({ state: 'idle' }, 'unavailable', 'closed by the client');
  }

  /** True if `sendFrame` would send a frame now. Check it before encoding one, with the settings of `picture`. */
  get wantsFrame(): boolean {
    const now = performance.now();
    // Timers of hidden pages are throttled; the clock of the camera is not.
    this.#look(now);
    return this.#link.live !== undefined && this.#takesFrames && this.#frames.ready(now);
  }

  /**
   * Sends a JPEG of at most 262,128 bytes, or skips it; frames are never queued.
   * @param capturedAt ms since 1970
   * @returns true if it was sent
   */
  sendFrame(jpeg: Uint8Array, capturedAt: number = Date.now()): boolean {
    const now = performance.now();
    this.#look(now);
    const line = this.#takesFrames ? this.#link.live : undefined;
    return this.#frames.send(line, jpeg, capturedAt, now);
  }

  /**
   * Reports a signal and keeps it until it is committed, across reconnects.
   * @param type 2 to 64 characters, upper case
   * @param data at most 2 KiB as JSON
   * @returns its number in the current stream; a new stream renumbers it
   * @throws ProtocolError `reserved_signal`, `bad_message` or `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number {
    if (this.state === 'ended') throw over();
    const seq = this.#queue.add(checkSignal(type, new Date().toISOString(), data));
    this.#keeper.changed();
    return seq;
  }

  /**
   * As `signal`, from a page that goes away: there is no time for the store, so that all signals are copied to it at once,
   * and sent as far as the connection takes them. The next page sends the others, under the same numbers.
   */
  signalLast(type: string, data?: Record<string, unknown>): number {
    const seq = this.signal(type, data);
    // Another tab may have the session.
    if (this.#link.running) this.#keeper.copyNow();
    this.#pump();
    return seq;
  }

  /**
   * Answers a request: `shown` and `hidden` for a `challenge` that the student sees or no longer sees, `begin` or
   * `decline` for a `roomLook`.
   * @param reason the student's, for declining; cut to 500 characters
   */
  answer(request: string, answer: RequestAnswer, reason = ''): void {
    const words = reason.replace(/[\0\p{Surrogate}]/gu, '').trim();
    this.#link.live?.send({
      type: 'answer',
      request,
      answer,
      ...(words !== '' && { reason: [...words].slice(0, 500).join('') }),
    });
  }

  /**
   * Writes to the staff of the exam. The message is numbered, kept and stored like a signal: also without a connection,
   * and exactly once.
   * @param text normalised; at most 1000 bytes in UTF-8
   * @throws ProtocolError `bad_message`, `too_large`, `session_over`, or `rate_limited` while ten messages wait
   */
  sendMessage(text: string): void {
    this.signal('STUDENT_MESSAGE', { text: checkMessage(text, this.#queue.waiting('STUDENT_MESSAGE').length) });
  }

  /** Messages of the student that the server has not stored yet, oldest first. */
  get waitingMessages(): readonly WaitingMessage[] {
    return this.#queue.waiting('STUDENT_MESSAGE').map(asWaiting);
  }

  /** Raises the student's hand, or lowers it; staff can lower it, too. @throws ProtocolError `session_over` */
  raiseHand(raised = true): void {
    if (raised === this.handRaised) return;
    this.signal(raised ? 'HAND_RAISED' : 'HAND_LOWERED');
    this.#hand(raised);
  }

  /** True while the student's hand is raised. */
  get handRaised(): boolean {
    return this.#conversation.handRaised;
  }

  /** True while somebody of the staff watches the camera live; told where the policy says so. */
  get watched(): boolean {
    return this.#conversation.watched;
  }

  /** Marks messages of staff up to this `seq` as read: the student has seen them on the page. */
  markRead(seq: number): void {
    if (this.#conversation.read(seq)) this.#sendMarks();
  }

  /** Resolves once every signal is acknowledged. @throws ProtocolError if a final state or `close()` comes first */
  drained(): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    if (this.state === 'ended') return Promise.reject(over());
    this.#drained ??= new Deferred();
    return this.#drained.promise;
  }

  /**
   * Submits the exam once every signal is acknowledged, across reconnects. If the session has ended and the message
   * `ended` was lost, resolves with the last known risk.
   * @throws ProtocolError if not connected, or if another final state or `close()` comes first
   */
  finish(): Promise<Ended> {
    if (this.#ended) return Promise.resolve(this.#ended);
    if (!this.#link.running) return Promise.reject(new ProtocolError('session_not_live', 'not connected'));
    this.#finish ??= new Deferred();
    const { promise } = this.#finish;
    this.#pump();
    return promise;
  }

  /** After finish() no frame leaves. A server of before version 19 drops those of a pause, and nobody sees them. */
  get #takesFrames(): boolean {
    return !this.#finishSent && (!this.#paused || this.#pausedAt !== undefined);
  }

  async #ticket(): Promise<TicketAnswer> {
    await this.#prepare(this.#options.session);
    const answer = await this.#options.getTicket();
    await this.#prepare(answer.session);
    return answer;
  }

  /** Stored signals must be loaded before `hello`. */
  async #prepare(session: string | undefined): Promise<void> {
    if (session === undefined) return;
    const store =
      this.#sessionId === undefined && this.#keeper.session === undefined
        ? this.#options.openStore?.(session)
        : undefined;
    if (store) this.#keeper.use(store);
    if (!(await this.#keeper.ready())) throw new ProtocolError('session_not_live', 'session is open in another tab');
  }

  /** Another tab has claimed the signals. Its connection will end this one, unless it is never made. */
  #lost(): void {
    const { live } = this.#link;
    setTimeout(() => {
      if (!live || this.#link.live !== live) return;
      this.#keeper.reclaim();
      this.#link.retry({ reason: 'session was claimed by another tab' });
    }, TAKEOVER_MS);
  }

  #changed(change: StateChange): void {
    clearInterval(this.#lookTimer);
    if (change.state === 'live') this.#lookTimer = setInterval(() => this.#look(performance.now()), LOOK_MS);
    this.#emitter.emit('state', change);
  }

  /** Abandons a dead connection, and gives up answers that are lost. */
  #look(now: number): void {
    const { live } = this.#link;
    if (!live) return;
    if (this.#stall.stalled(live.bufferedAmount, this.#frames.unansweredBytes, now, this.#speaksEvery))
      return this.#link.retry({ reason: 'connection is stalled' });
    this.#frames.expire(now);
    const state = this.#states.due(now);
    if (state) live.send({ type: 'state', ...state, waiting: this.#queue.size });
    this.#tellUplink();
  }

  #tellUplink(): void {
    const state = this.#frames.reduced ? 'reduced' : 'full';
    if (state === this.#uplinkState) return;
    this.#uplinkState = state;
    if (this.uplink) this.#emitter.emit('uplink', this.uplink);
  }

  #answered(frame: number): void {
    this.#frames.answered(frame, performance.now());
    this.#tellUplink();
  }

  #hello(): void {
    this.#stall.reset();
    this.#clock.asked(performance.now());
    const { stream } = this.#keeper;
    const resume = stream === undefined ? {} : { resume: { stream, lastSeq: this.#queue.acked } };
    const { device, shows } = this.#options;
    this.#link.greet({
      type: 'hello',
      ...resume,
      ...(device !== undefined && { device }),
      client: CLIENT,
      ...(this.#states.isOn && { reportsState: true }),
      marksMessages: true,
      ...(shows?.length && { shows: [...shows] }),
    });
  }

  #stopped(state: LinkState, error: ProtocolError): void {
    if (state === 'ended') this.#keeper.remove();
    if (state === 'ended' && this.#risk) this.#ended ??= { reason: 'ended', risk: this.#risk };
    if (this.#ended) this.#finish?.resolve(this.#ended);
    for (const waiter of [this.#ready, this.#drained, this.#finish]) waiter?.reject(error);
    this.#ready = this.#drained = this.#finish = undefined;
  }

  #hand(isRaised: boolean): void {
    if (this.#conversation.hand(isRaised)) this.#emitter.emit('hand', { raised: isRaised });
  }

  /** Absolute numbers: lost ones are made up for by the next. */
  #sendMarks(): void {
    const { marks } = this.#conversation;
    if (marks) this.#link.live?.send(marks);
  }

  /** The server does not know this stream: starts a new one with all unacknowledged signals. */
  #newStream(reason: string): void {
    this.#keeper.stream = undefined;
    this.#queue.restart();
    this.#keeper.changed();
    this.#link.retry({ reason });
  }

  #message(message: ExamDown): void {
    this.#stall.heard();
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message);
      case 'ack':
        this.#queue.ack(message.seq);
        this.#emitter.emit('ack', message);
        this.#pump();
        return this.#keeper.changed();
      case 'hold':
        this.#queue.stopBefore(message.from);
        return this.#emitter.emit('hold', message);
      case 'go':
        this.#queue.goOn(message.from);
        this.#emitter.emit('go', message);
        return this.#pump();
      case 'event':
        // What the student did is known here.
        if (message.event.type === 'HAND_LOWERED' && message.event.source === 'proctor') this.#hand(false);
        return this.#emitter.emit('event', message.event);
      case 'risk':
        this.#risk = { score: message.score, rolling: message.rolling, level: message.level };
        return this.#emitter.emit('risk', this.#risk);
      case 'throttle':
        return this.#pace(message);
      case 'paused':
        this.#paused = true;
        this.#pausedAt = message.at === undefined ? undefined : Date.parse(message.at);
        return this.#emitter.emit('paused', message);
      case 'resumed':
        this.#paused = false;
        this.#pausedAt = undefined;
        return this.#emitter.emit('resumed', {});
      case 'extended':
        this.#deadline = message.deadline;
        if (message.pausedMs !== undefined) this.#pausedAt = undefined;
        // Absent in messages of older servers.
        if (message.serverTime) this.#clock.told(message.serverTime, performance.now());
        return this.#emitter.emit('extended', message);
      case 'time':
        return this.#clock.told(message.serverTime, performance.now());
      case 'received':
        return this.#answered(message.frame);
      case 'analysis':
        // Later than `received`, and an answer just as well.
        this.#answered(message.frame);
        return this.#emitter.emit('analysis', message);
      case 'notice':
        if (this.#conversation.take(message)) this.#emitter.emit('notice', message);
        return this.#sendMarks();
      case 'watched':
        this.#conversation.watching(message.watching);
        return this.#emitter.emit('watched', message);
      case 'challenge':
        return this.#emitter.emit('challenge', message);
      case 'room_look':
        return this.#emitter.emit('roomLook', message);
      case 'request_over':
        return this.#emitter.emit('requestOver', message);
      case 'reauth':
        return void this.#link.renew((ticket) => ({ type: 'reauth', ticket }));
      case 'ended':
        this.#risk = message.risk;
        this.#ended = { reason: message.reason, risk: message.risk };
        this.#emitter.emit('ended', this.#ended);
        return this.#link.stop({ state: 'ended' }, 'session_over', 'session is over');
      case 'error':
        return this.#fault(message);
    }
  }

  #welcome(welcome: Welcome): void {
    const wanted = this.#options.session ?? this.#keeper.session;
    if (wanted !== undefined && wanted !== welcome.sessionId) {
      // Signals of one session must never be stored in another.
      const reason = 'ticket is for another session';
      return this.#link.stop({ state: 'failed', reason }, 'bad_ticket', reason);
    }
    if (welcome.stream !== this.#keeper.stream) this.#queue.restart();
    this.#keeper.stream = welcome.stream;
    if (!this.#queue.resume(welcome.lastAck)) return this.#newStream('signal sequence does not match');
    this.#sessionId = welcome.sessionId;
    this.#risk = welcome.risk;
    this.#deadline = welcome.deadline;
    if (welcome.serverTime) this.#clock.answered(welcome.serverTime, performance.now());
    this.#speaksEvery = welcome.timeEveryMs;
    this.#states.connected(welcome.stateEveryMs);
    this.#paused = welcome.paused;
    this.#pausedAt = welcome.pausedAt ? Date.parse(welcome.pausedAt) : undefined;
    this.#finishSent = false;
    this.#frames.connected(welcome.receipts === true, welcome.throttle.maxWidth);
    this.#pace(welcome.throttle);
    this.#link.greeted();
    this.#emitter.emit('welcome', welcome);
    // What waits here comes after what the server knows.
    const waits = this.#queue.newest('HAND_RAISED', 'HAND_LOWERED');
    this.#hand(waits ? waits.signal === 'HAND_RAISED' : welcome.handRaised === true);
    this.#sendMarks();
    this.#ready?.resolve();
    this.#keeper.changed();
  }

  #fault(fault: Extract<ExamDown, { type: 'error' }>): void {
    this.#emitter.emit('error', fault);
    if (fault.code === 'unknown_stream') return this.#newStream(fault.message);
    const word = typeof fault.ref === 'number' ? this.#queue.at(fault.ref) : undefined;
    if (fault.code === 'rate_limited' && word && isStudentWord(word.signal) && typeof fault.ref === 'number') {
      const wasFollowed = this.#queue.drop(fault.ref);
      if (word.signal === 'STUDENT_MESSAGE')
        this.#emitter.emit('messageRefused', { text: asWaiting(word).text, code: fault.code });
      else this.#hand(word.signal !== 'HAND_RAISED');
      this.#keeper.changed();
      if (wasFollowed) return this.#link.retry({ reason: fault.message });
    }
    // Only a newer server with stricter limits of names or data answers this (S7, S11).
    if (
      (fault.code === 'reserved_signal' || fault.code === 'too_large') &&
      typeof fault.ref === 'number' &&
      this.#queue.drop(fault.ref)
    ) {
      // Later signals are in flight with numbers that now leave a gap (S2).
      return this.#link.retry({ reason: fault.message });
    }
    this.#pump();
  }

  #pace({ fps, maxWidth, quality, reason }: Throttle): void {
    this.#throttle = { fps, maxWidth, quality, reason };
    this.#frames.throttle(this.#throttle, performance.now(), Math.random());
    this.#emitter.emit('throttle', this.#throttle);
  }

  /** Sends signals within the window, and resolves waiters once the queue is empty. */
  #pump(): void {
    const { live } = this.#link;
    if (live) for (let signal = this.#queue.next(); signal; signal = this.#queue.next()) live.send(signal);
    if (this.#queue.size > 0) return;
    this.#drained?.resolve();
    this.#drained = undefined;
    if (live && this.#finish && !this.#finishSent) {
      this.#finishSent = true;
      live.send({ type: 'finish' });
    }
  }
}
