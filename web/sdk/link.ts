import { CLOSE, type ErrorCode, ProtocolError } from '../../protocol/errors.ts';
import { type Backoff, DEFAULT_BACKOFF, delay } from './backoff.ts';
import { afterClose } from './close-policy.ts';
import { Connection } from './connection.ts';
import { type LinkOptions, readTicketFault, type TicketAnswer } from './link-options.ts';
import type { LinkState, StateChange } from './link-state.ts';
import { onOnline } from './online.ts';
import { askRefusal, type SocketRefusal } from './refusal.ts';
import { type SocketConstructor, socketConstructor, socketUrl } from './socket.ts';

/** Limit for ticket, opening and `welcome` together, ms. */
const CONNECT_TIMEOUT_MS = 20_000;
/**
 * The ticket is requested again while no request is answered, ms after the one before. After a silent loss of the
 * network a browser has up to six dead connections to a server open, and sends each new request over one of them.
 */
const ASK_AGAIN_MS = [3_000, 4_000, 5_000];
/** The server is asked for the reason after this many sockets in a row that did not open, and after each further so many. */
const ASK_WHY_AFTER = 3;
/** A connection that lasted this long resets the backoff, ms; a server that closes at once must not be hammered. */
const STABLE_MS = 2_000;

export interface LinkHandlers<Down> {
  /** The socket is open: send the greeting. */
  opened(): void;
  message(message: Down): void;
  binary(bytes: Uint8Array): void;
  changed(change: StateChange): void;
  /** A final state was reached; no attempt follows until `start`. Called before `changed`. */
  stopped(state: LinkState, error: ProtocolError): void;
}

/** A connection that reconnects by rule C10: ticket, socket, backoff. Messages are up to its owner. */
export class Link<Up, Down> {
  readonly #options: LinkOptions;
  readonly #Socket: SocketConstructor;
  readonly #backoff: Backoff;
  readonly #random: () => number;
  readonly #handlers: LinkHandlers<Down>;

  #state: LinkState = 'idle';
  /** Increases with every attempt and every end of one, so that late answers to earlier ones are recognised. */
  #turn = 0;
  #connection: Connection<Up, Down> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A ticket was requested for the current attempt, and no request was answered yet. */
  #asking = false;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  /** Set while the link is running. */
  #stopOnline: (() => void) | undefined;
  #attempt = 0;
  #liveSince: number | undefined;
  #authTried = false;
  /** Sockets in a row that did not open. */
  #unopened = 0;
  #refusal: SocketRefusal | undefined;
  #last: StateChange = { state: 'idle' };

  constructor(options: LinkOptions, handlers: LinkHandlers<Down>) {
    this.#options = options;
    this.#handlers = handlers;
    this.#Socket = socketConstructor(options.WebSocket);
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#random = options.random ?? Math.random;
  }

  get state(): LinkState {
    return this.#state;
  }

  get running(): boolean {
    return this.#stopOnline !== undefined;
  }

  /** The connection, while live. */
  get live(): Connection<Up, Down> | undefined {
    return this.#state === 'live' ? this.#connection : undefined;
  }

  start(): void {
    if (this.running) return;
    this.#attempt = 0;
    this.#authTried = false;
    this.#unopened = 0;
    this.#refusal = undefined;
    this.#stopOnline = onOnline(() => {
      // An attempt from before hangs on a network that is gone.
      if (this.#state === 'waiting' || this.#state === 'connecting') this.#try();
    });
    this.#try();
  }

  /** Sends a message before the link is live: the greeting. */
  greet(message: Up): void {
    this.#connection?.send(message);
  }

  /** The greeting was answered: the link is live. */
  greeted(): void {
    clearTimeout(this.#timer);
    this.#liveSince = performance.now();
    this.#set({ state: 'live' });
  }

  /** Abandons the current connection, if any, and retries after the backoff. */
  retry(why: { closeCode?: number; reason?: string }, state: 'waiting' | 'unauthenticated' = 'waiting'): void {
    this.#leave();
    const drawn = delay(this.#attempt++, this.#random, this.#backoff);
    // Where its session has moved to, the client is expected. If it moves again at once, the server is in trouble.
    const retryInMs = why.closeCode === CLOSE.moved && this.#attempt === 1 ? 0 : drawn;
    this.#timer = setTimeout(() => this.#try(), retryInMs);
    this.#set({ state, retryInMs, ...why });
  }

  stop(change: StateChange, code: ErrorCode, message: string): void {
    this.#leave();
    this.#stopOnline?.();
    this.#stopOnline = undefined;
    this.#state = change.state;
    this.#handlers.stopped(change.state, new ProtocolError(code, message));
    this.#set(change);
  }

  /** Sends a fresh ticket on the open socket (C8). Without one the server closes it, and the link reconnects. */
  async renew(send: (ticket: string) => Up): Promise<void> {
    const turn = this.#turn;
    for (let attempt = 0; turn === this.#turn; attempt++) {
      try {
        const { ticket } = await this.#options.getTicket();
        if (turn === this.#turn) this.#connection?.send(send(ticket));
        return;
      } catch (error) {
        if (!readTicketFault(error).retryable) return;
        await new Promise((done) => setTimeout(done, delay(attempt, this.#random, this.#backoff)));
      }
    }
  }

  #set(change: StateChange): void {
    this.#state = change.state;
    this.#last = change;
    const isTrying = change.state === 'waiting' || change.state === 'connecting';
    this.#handlers.changed(isTrying && this.#refusal ? { ...change, refusal: this.#refusal } : change);
  }

  /** Browsers do not tell why a socket did not open. */
  #notOpened(): void {
    this.#unopened += 1;
    if (this.#unopened % ASK_WHY_AFTER !== 0) return;
    void askRefusal(this.#options.server).then((refusal) => {
      if (this.#unopened === 0 || !this.running) return;
      this.#refusal = refusal;
      this.#set(this.#last);
    });
  }

  get #stable(): boolean {
    return this.#liveSince !== undefined && performance.now() - this.#liveSince >= STABLE_MS;
  }

  /** Abandons the current socket, ticket request or timer. */
  #leave(): number {
    clearTimeout(this.#timer);
    clearTimeout(this.#askTimer);
    this.#asking = false;
    if (this.#stable) {
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
    this.#timer = setTimeout(() => this.retry({ reason: 'connection timed out' }), CONNECT_TIMEOUT_MS);
    this.#set({ state: 'connecting' });
    // A listener can close the link.
    if (turn !== this.#turn) return;
    this.#asking = true;
    this.#ask(turn);
  }

  #ask(turn: number, times = 0): void {
    const againMs = ASK_AGAIN_MS[times];
    if (againMs !== undefined) this.#askTimer = setTimeout(() => this.#ask(turn, times + 1), againMs);
    // Through a promise, so that a `getTicket` that throws counts as one that rejects.
    Promise.resolve()
      .then(() => this.#options.getTicket())
      .then(
        (ticket) => this.#answered(turn) && this.#open(ticket),
        (error: unknown) => this.#answered(turn) && this.#ticketRefused(error),
      );
  }

  /** @returns true for the first answer to the current attempt's requests */
  #answered(turn: number): boolean {
    if (turn !== this.#turn || !this.#asking) return false;
    this.#asking = false;
    clearTimeout(this.#askTimer);
    return true;
  }

  #open({ ticket, url }: TicketAnswer): void {
    let opened = false;
    try {
      this.#connection = new Connection<Up, Down>(this.#Socket, socketUrl(this.#options.server, url), ticket, {
        opened: () => {
          opened = true;
          this.#unopened = 0;
          this.#refusal = undefined;
          this.#handlers.opened();
        },
        message: (message) => this.#handlers.message(message),
        binary: (bytes) => this.#handlers.binary(bytes),
        closed: (code, reason) => {
          if (!opened) this.#notOpened();
          this.#closed(code, reason);
        },
      });
    } catch (error) {
      // Thrown by an invalid URL or ticket only, which no retry can fix.
      this.stop({ state: 'failed', reason: String(error) }, 'bad_request', String(error));
    }
  }

  #ticketRefused(error: unknown): void {
    const { code: given, message, retryable } = readTicketFault(error);
    if (retryable) return this.retry({ reason: message });
    const code = (given ?? 'bad_request') as ErrorCode;
    this.stop({ state: stateFor(code), reason: message }, code, message);
  }

  #closed(closeCode: number, reason: string): void {
    const next = afterClose(closeCode);
    const why = reason ? { closeCode, reason } : { closeCode };
    if (next === 'reconnect' || next === 'moved') return this.retry(why);
    if (next !== 'authenticate') {
      const code = next === 'ended' ? 'session_over' : next === 'takenOver' ? 'session_not_live' : 'bad_message';
      return this.stop({ state: next, ...why }, code, reason || `closed ${closeCode}`);
    }
    if (this.#authTried && !this.#stable)
      return this.stop({ state: 'unauthenticated', ...why }, 'unauthenticated', 'log in again');
    this.retry(why, 'unauthenticated');
    // The login may have been renewed meanwhile: one more ticket is tried.
    this.#authTried = true;
  }
}

/** Final state after a ticket request that must not be retried. */
function stateFor(code: ErrorCode): LinkState {
  switch (code) {
    case 'session_over':
      return 'ended';
    case 'session_not_live':
      return 'takenOver';
    case 'unauthenticated':
    case 'token_expired':
    case 'refresh_reused':
    case 'account_disabled':
      return 'unauthenticated';
    default:
      return 'failed';
  }
}
