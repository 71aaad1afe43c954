import type { ExamDown, Throttle } from '../../protocol/down.ts';
import { type ErrorCode, ProtocolError } from '../../protocol/errors.ts';
import type { Risk } from '../../protocol/events.ts';
import { type Backoff, DEFAULT_BACKOFF, delay } from './backoff.ts';
import type { ClientEvents, ClientState, Ended, StateChange } from './client-events.ts';
import { type ClientOptions, readTicketFault, type TicketAnswer } from './client-options.ts';
import { afterClose } from './close-policy.ts';
import { Connection } from './connection.ts';
import { Deferred } from './deferred.ts';
import { Emitter } from './emitter.ts';
import { type FrameCounts, FrameSender } from './frame-sender.ts';
import { onOnline } from './online.ts';
import { checkSignal } from './signal-check.ts';
import { SignalQueue } from './signal-queue.ts';
import { type SocketConstructor, socketConstructor, socketUrl } from './socket.ts';
import { StallWatch } from './stall-watch.ts';

/** Ticket, opening and greeting together, ms. */
const CONNECT_TIMEOUT_MS = 20_000;
/** A connection that lived this long starts the backoff anew; one that is cut at once must not be hammered. */
const STABLE_MS = 2_000;
/** Bytes that do not leave for this long mean that nobody is there to take them. */
const STALL_MS = 20_000;

/**
 * The exam client: one session's connection to the server, kept up over every interruption.
 * Signals are numbered, queued and stored exactly once; frames are sent at the server's rate or not at all.
 */
export class InvigilClient {
  readonly #server: string;
  readonly #getTicket: () => Promise<TicketAnswer>;
  readonly #Socket: SocketConstructor;
  readonly #backoff: Backoff;
  readonly #random: () => number;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #queue = new SignalQueue();
  readonly #frames = new FrameSender();
  readonly #stall = new StallWatch(STALL_MS);

  #state: ClientState = 'idle';
  /** Rises with every attempt and every end of one, so that answers of earlier ones are recognised as late. */
  #turn = 0;
  #connection: Connection | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopOnline: (() => void) | undefined;
  #attempt = 0;
  #liveSince: number | undefined;
  #authTried = false;

  #stream: string | undefined;
  #sessionId: string | undefined;
  #risk: Risk | undefined;
  #throttle: Throttle | undefined;
  #deadline: string | null = null;
  #paused = false;
  #over: Ended | undefined;

  #ready: Deferred<void> | undefined;
  #drained: Deferred<void> | undefined;
  #finish: Deferred<Ended> | undefined;
  #finishSent = false;

  constructor(options: ClientOptions) {
    this.#server = options.server;
    this.#getTicket = options.getTicket;
    this.#Socket = socketConstructor(options.WebSocket);
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#random = options.random ?? Math.random;
  }

  get state(): ClientState {
    return this.#state;
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
    if (this.#state === 'ended') return Promise.reject(new ProtocolError('session_over', 'the session is over'));
    if (this.#ready && this.#running) return this.#ready.promise;
    this.#ready = new Deferred();
    this.#attempt = 0;
    this.#authTried = false;
    this.#stopOnline = onOnline(() => {
      if (this.#state === 'waiting') this.#try();
    });
    this.#try();
    return this.#ready.promise;
  }

  /** Disconnects; the session goes on without this client. What was not acknowledged is kept for a later `connect()`. */
  close(): void {
    this.#stop({ state: this.#state === 'ended' ? 'ended' : 'idle' }, 'unavailable', 'closed by the client');
  }

  /** Whether a frame given to `sendFrame` now would be due; saves encoding one that is not. */
  get wantsFrame(): boolean {
    return this.#state === 'live' && !this.#paused && this.#frames.pacer.ready(performance.now());
  }

  /** Sends a JPEG, or skips it: frames are never queued. @returns whether it was sent; `capturedAt` is ms since 1970 */
  sendFrame(jpeg: Uint8Array, capturedAt: number = Date.now()): boolean {
    const live = this.#state === 'live' ? this.#connection : undefined;
    const now = performance.now();
    if (live && this.#stall.stalled(live.bufferedAmount, now)) {
      this.#retry({ reason: 'the connection takes nothing any more' });
      return false;
    }
    return this.#frames.send(this.#paused ? undefined : live, jpeg, capturedAt, now);
  }

  /**
   * Reports a signal. It is kept until the server has stored it, through any number of connections.
   * @returns its number in the present stream; a new stream numbers it anew
   * @throws ProtocolError `reserved_signal`, `bad_message` or `session_over`
   */
  signal(type: string, data?: Record<string, unknown>): number {
    if (this.#state === 'ended') throw new ProtocolError('session_over', 'the session is over');
    const seq = this.#queue.add(checkSignal(type, new Date().toISOString(), data));
    this.#pump();
    return seq;
  }

  /** Resolves when every signal is acknowledged; rejects with a ProtocolError when a final state or `close()` comes first. */
  drained(): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    if (this.#state === 'ended') return Promise.reject(new ProtocolError('session_over', 'the session is over'));
    this.#drained ??= new Deferred();
    return this.#drained.promise;
  }

  /**
   * Hands the exam in: after the last signal is acknowledged, tells the server, over as many connections as it takes.
   * When the session turns out to be over and the server's `ended` was lost, resolves with the last known risk.
   */
  finish(): Promise<Ended> {
    if (this.#over) return Promise.resolve(this.#over);
    if (!this.#running) return Promise.reject(new ProtocolError('session_not_live', 'not connected'));
    this.#finish ??= new Deferred();
    this.#pump();
    return this.#finish.promise;
  }

  get #running(): boolean {
    return this.#stopOnline !== undefined;
  }

  #set(change: StateChange): void {
    this.#state = change.state;
    this.#emitter.emit('state', change);
  }

  /** Leaves whatever socket, ticket request or timer is under way. */
  #leave(): number {
    clearTimeout(this.#timer);
    if (this.#liveSince !== undefined && performance.now() - this.#liveSince >= STABLE_MS) {
      this.#attempt = 0;
      this.#authTried = false;
    }
    this.#liveSince = undefined;
    this.#connection?.drop();
    this.#connection = undefined;
    return ++this.#turn;
  }

  #try(): void {
    const turn = this.#leave();
    this.#timer = setTimeout(() => this.#retry({ reason: 'no answer in time' }), CONNECT_TIMEOUT_MS);
    this.#set({ state: 'connecting' });
    // A listener may have closed the client.
    if (turn !== this.#turn) return;
    Promise.resolve()
      .then(() => this.#getTicket())
      .then(
        (ticket) => turn === this.#turn && this.#open(ticket),
        (error: unknown) => turn === this.#turn && this.#ticketRefused(error),
      );
  }

  #open({ ticket, url }: TicketAnswer): void {
    this.#stall.reset();
    try {
      this.#connection = new Connection(this.#Socket, socketUrl(this.#server, url), ticket, {
        opened: () => this.#hello(),
        message: (message) => this.#message(message),
        closed: (code, reason) => this.#closed(code, reason),
      });
    } catch (error) {
      // Only a URL or a ticket that can never work throws here.
      this.#stop({ state: 'failed', reason: String(error) }, 'bad_request', String(error));
    }
  }

  #hello(): void {
    const resume = this.#stream === undefined ? {} : { resume: { stream: this.#stream, lastSeq: this.#queue.acked } };
    this.#connection?.send({ type: 'hello', ...resume });
  }

  #ticketRefused(error: unknown): void {
    const fault = readTicketFault(error);
    if (fault.retryable) return this.#retry({ reason: fault.message });
    const code = fault.code as ErrorCode | undefined;
    if (code === 'session_over') return this.#stop({ state: 'ended' }, code, fault.message);
    const identity = code === 'unauthenticated' || code === 'token_expired' || code === 'refresh_reused' || code === 'account_disabled';
    this.#stop({ state: identity ? 'unauthenticated' : 'failed', reason: fault.message }, code ?? 'bad_request', fault.message);
  }

  #retry(why: { closeCode?: number; reason?: string }, state: 'waiting' | 'unauthenticated' = 'waiting'): void {
    this.#leave();
    const retryInMs = delay(this.#attempt++, this.#random, this.#backoff);
    this.#timer = setTimeout(() => this.#try(), retryInMs);
    this.#set({ state, retryInMs, ...why });
  }

  #closed(closeCode: number, reason: string): void {
    const next = afterClose(closeCode);
    const why = reason ? { closeCode, reason } : { closeCode };
    if (next === 'reconnect') return this.#retry(why);
    if (next !== 'authenticate') {
      const code = next === 'ended' ? 'session_over' : next === 'takenOver' ? 'session_not_live' : 'bad_message';
      return this.#stop({ state: next, ...why }, code, reason || `closed ${closeCode}`);
    }
    const stable = this.#liveSince !== undefined && performance.now() - this.#liveSince >= STABLE_MS;
    if (this.#authTried && !stable) return this.#stop({ state: 'unauthenticated', ...why }, 'unauthenticated', 'log in again');
    this.#retry(why, 'unauthenticated');
    // The login may have been renewed by something else meanwhile; one more ticket will tell.
    this.#authTried = true;
  }

  #stop(change: StateChange, code: ErrorCode, message: string): void {
    this.#leave();
    this.#stopOnline?.();
    this.#stopOnline = undefined;
    if (change.state === 'ended' && !this.#over && this.#risk) this.#over = { reason: 'ended', risk: this.#risk };
    const error = new ProtocolError(code, message);
    if (this.#over) this.#finish?.resolve(this.#over);
    for (const waiter of [this.#ready, this.#drained, this.#finish]) waiter?.reject(error);
    this.#ready = this.#drained = this.#finish = undefined;
    this.#set(change);
  }

  /** The server's stream and ours have nothing to do with each other: begin a new one with all that is unacknowledged. */
  #newStream(reason: string): void {
    this.#stream = undefined;
    this.#queue.restart();
    this.#retry({ reason });
  }

  #message(message: ExamDown): void {
    switch (message.type) {
      case 'welcome': {
        const { type: _, ...welcome } = message;
        if (message.stream !== this.#stream) this.#queue.restart();
        this.#stream = message.stream;
        if (!this.#queue.resume(message.lastAck)) return this.#newStream('the numbers of the signals do not match');
        clearTimeout(this.#timer);
        this.#liveSince = performance.now();
        this.#sessionId = message.sessionId;
        this.#risk = message.risk;
        this.#deadline = message.deadline;
        this.#paused = message.paused;
        this.#finishSent = false;
        this.#setThrottle(message.throttle);
        this.#set({ state: 'live' });
        this.#emitter.emit('welcome', welcome);
        this.#ready?.resolve();
        return this.#pump();
      }
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
        return this.#setThrottle(message);
      case 'paused':
      case 'resumed':
        this.#paused = message.type === 'paused';
        return message.type === 'paused' ? this.#emitter.emit('paused', message) : this.#emitter.emit('resumed', {});
      case 'extended':
        this.#deadline = message.deadline;
        return this.#emitter.emit('extended', message);
      case 'analysis':
        return this.#emitter.emit('analysis', message);
      case 'notice':
        return this.#emitter.emit('notice', message);
      case 'reauth':
        return void this.#reauth(this.#turn);
      case 'ended':
        this.#over = { reason: message.reason, risk: message.risk };
        this.#risk = message.risk;
        this.#emitter.emit('ended', this.#over);
        return this.#stop({ state: 'ended' }, 'session_over', 'the session is over');
      case 'error':
        this.#emitter.emit('error', message);
        if (message.code === 'unknown_stream') return this.#newStream(message.message);
        if (message.code === 'reserved_signal' && typeof message.ref === 'number' && this.#queue.drop(message.ref)) {
          // Those after it are under way with numbers that the server now sees as holes (S2).
          return this.#retry({ reason: message.message });
        }
        return this.#pump();
    }
  }

  #setThrottle({ fps, maxWidth, quality, reason }: Throttle): void {
    this.#throttle = { fps, maxWidth, quality, reason };
    this.#frames.pacer.setRate(fps);
    this.#emitter.emit('throttle', this.#throttle);
  }

  /** A fresh ticket for the socket that is open (C8). Without one the server closes it and the usual way is taken. */
  async #reauth(turn: number): Promise<void> {
    for (let attempt = 0; turn === this.#turn; attempt++) {
      try {
        const { ticket } = await this.#getTicket();
        if (turn === this.#turn) this.#connection?.send({ type: 'reauth', ticket });
        return;
      } catch (error) {
        if (!readTicketFault(error).retryable) return;
        await new Promise((done) => setTimeout(done, delay(attempt, this.#random, this.#backoff)));
      }
    }
  }

  /** Sends what the window allows, and settles what waited for the end of the queue. */
  #pump(): void {
    if (this.#state === 'live') {
      for (let signal = this.#queue.next(); signal; signal = this.#queue.next()) this.#connection?.send(signal);
    }
    if (this.#queue.size > 0) return;
    this.#drained?.resolve();
    this.#drained = undefined;
    if (this.#state === 'live' && this.#finish && !this.#finishSent) {
      this.#finishSent = true;
      this.#connection?.send({ type: 'finish' });
    }
  }
}
