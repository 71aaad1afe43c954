import type { ExamDown, Throttle } from '../../protocol/down.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Risk } from '../../protocol/events.ts';
import type { ExamMessage } from '../../protocol/exam.ts';
import type { ClientEvents, Ended, Welcome } from './client-events.ts';
import { Deferred } from './deferred.ts';
import { Emitter } from './emitter.ts';
import { type FrameCounts, FrameSender } from './frame-sender.ts';
import { Link } from './link.ts';
import type { LinkOptions } from './link-options.ts';
import type { LinkState } from './link-state.ts';
import { checkSignal } from './signal-check.ts';
import { SignalQueue } from './signal-queue.ts';
import { StallWatch } from './stall-watch.ts';

/** Bytes that do not leave for this long mean that nobody is there to take them. */
const STALL_MS = 20_000;

const over = () => new ProtocolError('session_over', 'the session is over');

/**
 * The exam client: one session's connection to the server, kept up over every interruption.
 * Signals are numbered, queued and stored exactly once; frames are sent at the server's rate or not at all.
 */
export class InvigilClient {
  readonly #link: Link<ExamMessage, ExamDown>;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #queue = new SignalQueue();
  readonly #frames = new FrameSender();
  readonly #stall = new StallWatch(STALL_MS);

  #stream: string | undefined;
  #sessionId: string | undefined;
  #risk: Risk | undefined;
  #throttle: Throttle | undefined;
  #deadline: string | null = null;
  #paused = false;
  #ended: Ended | undefined;

  #ready: Deferred<void> | undefined;
  #drained: Deferred<void> | undefined;
  #finish: Deferred<Ended> | undefined;
  #finishSent = false;

  constructor(options: LinkOptions) {
    this.#link = new Link<ExamMessage, ExamDown>(options, {
      opened: () => this.#hello(),
      message: (message) => this.#message(message),
      binary: () => {},
      changed: (change) => this.#emitter.emit('state', change),
      stopped: (state, error) => this.#stopped(state, error),
    });
  }

  get state(): LinkState {
    return this.#link.state;
  }
  get sessionId(): string | undefined {
    return this.#sessionId;
  }
  get risk(): Risk | undefined {
    return this.#risk;
  }
  get throttle(): Throttle | undefined {
    return this.#throttle;
  }
  /** When the session ends by itself; null without a limit or before the first connection. */
  get deadline(): string | null {
    return this.#deadline;
  }
  get paused(): boolean {
    return this.#paused;
  }
  /** Signals that are not acknowledged yet. */
  get pending(): number {
    return this.#queue.size;
  }
  get frames(): FrameCounts {
    return this.#frames.counts;
  }

  /** @returns takes the listener off again */
  on<K extends keyof ClientEvents>(name: K, listener: (value: ClientEvents[K]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Connects and stays connected until `close()` or a final state. Resolves at the first greeting;
   * rejects with a ProtocolError when a final state comes first. Calling it again later starts again,
   * with everything that was not acknowledged.
   */
  connect(): Promise<void> {
    if (this.state === 'ended') return Promise.reject(over());
    if (!this.#ready || !this.#link.running) this.#ready = new Deferred();
    const { promise } = this.#ready;
    this.#link.start();
    return promise;
  }

  /** Disconnects; the session goes on without this client. What was not acknowledged is kept for a later `connect()`. */
  close(): void {
    if (this.#link.running) this.#link.stop({ state: 'idle' }, 'unavailable', 'closed by the client');
  }

  /** Whether a frame given to `sendFrame` now would be due; saves encoding one that is not. */
  get wantsFrame(): boolean {
    return this.#link.live !== undefined && !this.#paused && !this.#finishSent && this.#frames.pacer.ready(performance.now());
  }

  /** Sends a JPEG, or skips it: frames are never queued. @returns whether it was sent; `capturedAt` is ms since 1970 */
  sendFrame(jpeg: Uint8Array, capturedAt: number = Date.now()): boolean {
    const { live } = this.#link;
    const now = performance.now();
    if (live && this.#stall.stalled(live.bufferedAmount, now)) {
      this.#link.retry({ reason: 'the connection takes nothing any more' });
      return false;
    }
    // Handed in: what the camera sees from here on is nobody's business.
    return this.#frames.send(this.#paused || this.#finishSent ? undefined : live, jpeg, capturedAt, now);
  }

  /**
   * Reports a signal. It is kept until the server has stored it, through any number of connections.
   * @returns its number in the present stream; a new stream numbers it anew
   * @throws ProtocolError `reserved_signal`, `bad_message` or `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number {
    if (this.state === 'ended') throw over();
    const seq = this.#queue.add(checkSignal(type, new Date().toISOString(), data));
    this.#pump();
    return seq;
  }

  /** Resolves when every signal is acknowledged; rejects with a ProtocolError when a final state or `close()` comes first. */
  drained(): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    if (this.state === 'ended') return Promise.reject(over());
    this.#drained ??= new Deferred();
    return this.#drained.promise;
  }

  /**
   * Hands the exam in: after the last signal is acknowledged, tells the server, over as many connections as it takes.
   * When the session turns out to be over and the server's `ended` was lost, resolves with the last known risk.
   */
  finish(): Promise<Ended> {
    if (this.#ended) return Promise.resolve(this.#ended);
    if (!this.#link.running) return Promise.reject(new ProtocolError('session_not_live', 'not connected'));
    this.#finish ??= new Deferred();
    const { promise } = this.#finish;
    this.#pump();
    return promise;
  }

  #hello(): void {
    this.#stall.reset();
    const resume = this.#stream === undefined ? {} : { resume: { stream: this.#stream, lastSeq: this.#queue.acked } };
    this.#link.greet({ type: 'hello', ...resume });
  }

  #stopped(state: LinkState, error: ProtocolError): void {
    if (state === 'ended' && this.#risk) this.#ended ??= { reason: 'ended', risk: this.#risk };
    if (this.#ended) this.#finish?.resolve(this.#ended);
    for (const waiter of [this.#ready, this.#drained, this.#finish]) waiter?.reject(error);
    this.#ready = this.#drained = this.#finish = undefined;
  }

  /** The server's stream and ours have nothing to do with each other: begin a new one with all that is unacknowledged. */
  #newStream(reason: string): void {
    this.#stream = undefined;
    this.#queue.restart();
    this.#link.retry({ reason });
  }

  #message(message: ExamDown): void {
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message);
      case 'ack':
        this.#queue.ack(message.seq);
        this.#emitter.emit('ack', message);
        return this.#pump();
      case 'event':
        return this.#emitter.emit('event', message.event);
      case 'risk':
        this.#risk = { score: message.score, rolling: message.rolling, level: message.level };
        return this.#emitter.emit('risk', this.#risk);
      case 'throttle':
        return this.#pace(message);
      case 'paused':
        this.#paused = true;
        return this.#emitter.emit('paused', message);
      case 'resumed':
        this.#paused = false;
        return this.#emitter.emit('resumed', {});
      case 'extended':
        this.#deadline = message.deadline;
        return this.#emitter.emit('extended', message);
      case 'analysis':
        return this.#emitter.emit('analysis', message);
      case 'notice':
        return this.#emitter.emit('notice', message);
      case 'reauth':
        return void this.#link.renew((ticket) => ({ type: 'reauth', ticket }));
      case 'ended':
        this.#risk = message.risk;
        this.#ended = { reason: message.reason, risk: message.risk };
        this.#emitter.emit('ended', this.#ended);
        return this.#link.stop({ state: 'ended' }, 'session_over', 'the session is over');
      case 'error':
        return this.#fault(message);
    }
  }

  #welcome(welcome: Welcome): void {
    if (welcome.stream !== this.#stream) this.#queue.restart();
    this.#stream = welcome.stream;
    if (!this.#queue.resume(welcome.lastAck)) return this.#newStream('the numbers of the signals do not match');
    this.#sessionId = welcome.sessionId;
    this.#risk = welcome.risk;
    this.#deadline = welcome.deadline;
    this.#paused = welcome.paused;
    this.#finishSent = false;
    this.#pace(welcome.throttle);
    this.#link.greeted();
    this.#emitter.emit('welcome', welcome);
    this.#ready?.resolve();
    this.#pump();
  }

  #fault(fault: Extract<ExamDown, { type: 'error' }>): void {
    this.#emitter.emit('error', fault);
    if (fault.code === 'unknown_stream') return this.#newStream(fault.message);
    // Only a server that reserves more names than this client knows gets here (S7).
    if (fault.code === 'reserved_signal' && typeof fault.ref === 'number' && this.#queue.drop(fault.ref)) {
      // Those after it are under way with numbers that the server now sees as holes (S2).
      return this.#link.retry({ reason: fault.message });
    }
    this.#pump();
  }

  #pace({ fps, maxWidth, quality, reason }: Throttle): void {
    this.#throttle = { fps, maxWidth, quality, reason };
    this.#frames.pacer.setRate(fps, performance.now(), Math.random());
    this.#emitter.emit('throttle', this.#throttle);
  }

  /** Sends what the window allows, and settles what waited for the end of the queue. */
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
