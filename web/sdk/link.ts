import { type ErrorCode, ProtocolError } from '../../protocol/errors.ts';
import { type Backoff, DEFAULT_BACKOFF, delay } from './backoff.ts';
import { afterClose } from './close-policy.ts';
import { Connection } from './connection.ts';
import { type LinkOptions, readTicketFault, type TicketAnswer } from './link-options.ts';
import type { LinkState, StateChange } from './link-state.ts';
import { onOnline } from './online.ts';
import { type SocketConstructor, socketConstructor, socketUrl } from './socket.ts';

/** Ticket, opening and greeting together, ms. */
const CONNECT_TIMEOUT_MS = 20_000;
/** A connection that lived this long starts the backoff anew; one that is cut at once must not be hammered. */
const STABLE_MS = 2_000;

export interface LinkHandlers<Down> {
  /** The socket is open: time to greet. */
  opened(): void;
  message(message: Down): void;
  binary(bytes: Uint8Array): void;
  changed(change: StateChange): void;
  /** A final state: nothing happens any more until `start`. Called before `changed`. */
  stopped(state: LinkState, error: ProtocolError): void;
}

/**
 * A connection that comes back: ticket, socket, and after a close what rule C10 says. What is said on it is its owner's
 * business.
 */
export class Link<Up, Down> {
  readonly #options: LinkOptions;
  readonly #Socket: SocketConstructor;
  readonly #backoff: Backoff;
  readonly #random: () => number;
  readonly #handlers: LinkHandlers<Down>;

  #state: LinkState = 'idle';
  /** Rises with every attempt and every end of one, so that answers of earlier ones are recognised as late. */
  #turn = 0;
  #connection: Connection<Up, Down> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Set while the link keeps itself up. */
  #stopOnline: (() => void) | undefined;
  #attempt = 0;
  #liveSince: number | undefined;
  #authTried = false;

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

  /** The connection, once it was greeted. */
  get live(): Connection<Up, Down> | undefined {
    return this.#state === 'live' ? this.#connection : undefined;
  }

  start(): void {
    if (this.running) return;
    this.#attempt = 0;
    this.#authTried = false;
    this.#stopOnline = onOnline(() => {
      if (this.#state === 'waiting') this.#try();
    });
    this.#try();
  }

  /** Sends the greeting, or what else is due before the link is live. */
  greet(message: Up): void {
    this.#connection?.send(message);
  }

  /** The other side answered the greeting. */
  greeted(): void {
    clearTimeout(this.#timer);
    this.#liveSince = performance.now();
    this.#set({ state: 'live' });
  }

  /** Leaves this connection, if any, and tries again after the backoff. */
  retry(why: { closeCode?: number; reason?: string }, state: 'waiting' | 'unauthenticated' = 'waiting'): void {
    this.#leave();
    const retryInMs = delay(this.#attempt++, this.#random, this.#backoff);
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

  /**
   * Gets a fresh ticket for the socket that is open (C8). Without one the server closes it and the usual way is taken.
   */
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
    this.#handlers.changed(change);
  }

  get #stable(): boolean {
    return this.#liveSince !== undefined && performance.now() - this.#liveSince >= STABLE_MS;
  }

  /** Leaves whatever socket, ticket request or timer is under way. */
  #leave(): number {
    clearTimeout(this.#timer);
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
    this.#timer = setTimeout(() => this.retry({ reason: 'no answer in time' }), CONNECT_TIMEOUT_MS);
    this.#set({ state: 'connecting' });
    // A listener may have closed the link.
    if (turn !== this.#turn) return;
    // Through a promise, so that a `getTicket` that throws is one that rejects.
    Promise.resolve()
      .then(() => this.#options.getTicket())
      .then(
        (ticket) => turn === this.#turn && this.#open(ticket),
        (error: unknown) => turn === this.#turn && this.#ticketRefused(error),
      );
  }

  #open({ ticket, url }: TicketAnswer): void {
    try {
      this.#connection = new Connection<Up, Down>(this.#Socket, socketUrl(this.#options.server, url), ticket, {
        opened: () => this.#handlers.opened(),
        message: (message) => this.#handlers.message(message),
        binary: (bytes) => this.#handlers.binary(bytes),
        closed: (code, reason) => this.#closed(code, reason),
      });
    } catch (error) {
      // Only a URL or a ticket that can never work throws here.
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
    if (next === 'reconnect') return this.retry(why);
    if (next !== 'authenticate') {
      const code = next === 'ended' ? 'session_over' : next === 'takenOver' ? 'session_not_live' : 'bad_message';
      return this.stop({ state: next, ...why }, code, reason || `closed ${closeCode}`);
    }
    if (this.#authTried && !this.#stable)
      return this.stop({ state: 'unauthenticated', ...why }, 'unauthenticated', 'log in again');
    this.retry(why, 'unauthenticated');
    // The login may have been renewed by something else meanwhile; one more ticket will tell.
    this.#authTried = true;
  }
}

/** The state in which a ticket that is refused for good leaves the link. */
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
