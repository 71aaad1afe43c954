import type { WebSocket } from 'uWebSockets.js';
import { encodeDown } from '../../protocol/codec.ts';
import type { ConsoleDown, ExamDown } from '../../protocol/down.ts';
import { recordRefusal, type SecurityLog } from '../audit/security/security-log.ts';
import type { TicketClaims } from '../auth/tickets/ticket-codec.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../protocol/errors.ts';
import type { SecurityKind } from '../../protocol/security-kinds.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Place } from './admission.ts';
import type { Inbox } from './inbox.ts';
import type { SocketHandler } from './socket-handler.ts';

/** Identity of the other end; all but the login is fixed at the upgrade. */
export interface Identity {
  readonly userId: string;
  readonly loginId: string;
  /** Undefined on a console. */
  readonly sessionId: string | undefined;
  readonly address: string;
  /** The ticket that opened the socket; confirmed before the first answer. */
  readonly ticket: TicketClaims;
}

/**
 * Maximum of unread bytes of a socket; beyond it messages are dropped and the handler decides. The last message that
 * fits may be a snapshot.
 */
export const MAX_BACKPRESSURE = 1024 * 1024;

/**
 * Rule T3. The SDK sends a window of 64 signals at once after a reconnect, and a console at most 64 `watch`; 15 frames
 * a second are a policy's maximum. Committed signals are given back: a client that drains its queue is limited by its
 * window.
 */
const MESSAGES = { burst: 1000, perSecond: 200 };
/** Bytes of text that count as one more message: reading them is the work. */
const BYTES_A_MESSAGE = 1024;

export type Sent = 'sent' | 'queued' | 'dropped' | 'gone';

/** User data of a socket in uWebSockets.js. */
export interface SocketData {
  readonly identity: Identity;
  authExpiresAt: number;
  /** Set when the socket opens. */
  handler: SocketHandler | undefined;
  connection: Connection | undefined;
  inbox: Inbox | undefined;
}

/** The only user of a socket. uWebSockets.js throws on a closed one: every call is guarded. */
export class Connection {
  #identity: Identity;
  /** Ticket that is being confirmed: if its login ends meanwhile, the connection ends with it. */
  #renewal: TicketClaims | undefined;
  readonly #ws: WebSocket<SocketData>;
  readonly #security: Pick<SecurityLog, 'record'>;
  readonly #place: Place;
  readonly #messages = new TokenBucket(MESSAGES, performance.now());
  #role: Role | undefined;
  #alive = true;
  #ended = false;

  constructor(ws: WebSocket<SocketData>, security: Pick<SecurityLog, 'record'>, place: Place) {
    this.#ws = ws;
    this.#security = security;
    this.#place = place;
    this.#identity = ws.getUserData().identity;
  }

  /** With which it was confirmed; undefined before that, and for the ticket of an API key. */
  get role(): Role | undefined {
    return this.#role;
  }

  get identity(): Identity {
    return this.#identity;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** This end closed it. */
  get isEnded(): boolean {
    return this.#ended;
  }

  get authExpiresAt(): number {
    return this.#alive ? this.#ws.getUserData().authExpiresAt : 0;
  }

  /** Bytes that the other end has not read yet. */
  get buffered(): number {
    return this.#alive ? this.#ws.getBufferedAmount() : 0;
  }

  /**
   * The ticket with which the connection is to live on, until the database has confirmed or refused it; undefined
   * without one.
   */
  get renewal(): TicketClaims | undefined {
    return this.#renewal;
  }

  beginRenewal(ticket: TicketClaims): void {
    this.#renewal = ticket;
  }

  endRenewal(ticket: TicketClaims): void {
    if (this.#renewal === ticket) this.#renewal = undefined;
  }

  /** From now on the connection is the ticket's login's, and lives as long. */
  renewAuth(ticket: TicketClaims): void {
    this.#identity = { ...this.#identity, loginId: ticket.loginId, ticket };
    if (this.#alive) this.#ws.getUserData().authExpiresAt = ticket.authExpiresAt;
  }

  /** Whether the end of this login is the connection's, too. */
  isOfLogin(loginId: string): boolean {
    return this.#identity.loginId === loginId || this.#renewal?.loginId === loginId;
  }

  /** The ticket is confirmed and the request is served: the socket counts as confirmed. */
  confirm(role?: Role): void {
    this.#role = role;
    this.#place.confirm();
  }

  /** Counts a message. False: it is not read, because that was one too many (rule T3) or the socket is closed. */
  spend(textBytes: number): boolean {
    if (!this.#alive) return false;
    if (this.#messages.take(1 + Math.floor(textBytes / BYTES_A_MESSAGE), performance.now())) return true;
    this.fail(
      new ProtocolError('rate_limited', 'too many messages', {
        close: CLOSE.tooMuch,
        retryable: true,
        refusal: { kind: 'flood' },
      }),
    );
    return false;
  }

  /** Returns messages to the budget. */
  giveBack(count: number): void {
    this.#messages.giveBack(count);
  }

  send(message: ExamDown | ConsoleDown): Sent {
    return this.#write(encodeDown(message), false);
  }

  /** Sends text that is encoded once for many consoles. */
  sendText(utf8: Uint8Array): Sent {
    return this.#write(utf8, false);
  }

  /** Sends the messages of `work` in one system call. */
  together(work: () => void): void {
    if (this.#alive) this.#ws.cork(work);
    else work();
  }

  sendBinary(bytes: Uint8Array): Sent {
    return this.#write(bytes, true);
  }

  /** `end` sends the queue, then the close frame. A client that does not read gets neither: its memory is freed. */
  close(code: CloseCode, reason = ''): void {
    if (!this.#alive) return;
    const stuck = this.buffered > MAX_BACKPRESSURE;
    this.#alive = false;
    this.#ended = true;
    if (stuck) this.#ws.close();
    else this.#ws.end(code, reason);
  }

  /** Answers a message that failed; an error that ends the connection closes it after. */
  fail(error: unknown): void {
    const problem =
      error instanceof ProtocolError
        ? error
        : new ProtocolError('internal', 'the server failed', { close: CLOSE.internal, retryable: true });
    recordRefusal(this.#security, problem, {
      actor: this.identity.userId,
      target: this.identity.sessionId,
      address: this.identity.address,
    });
    this.send(problem.toWire());
    if (problem.close !== undefined) this.close(problem.close, problem.code);
  }

  /** Records an act of the other end's user. */
  record(kind: SecurityKind, target: string | null): void {
    const { userId, address } = this.identity;
    this.#security.record({ kind, actor: userId, target, address });
  }

  /** The socket is closed already. */
  markClosed(): void {
    this.#alive = false;
    this.#place.leave();
  }

  #write(data: string | Uint8Array, binary: boolean): Sent {
    if (!this.#alive) return 'gone';
    const result = this.#ws.send(data, binary, false);
    return result === 1 ? 'sent' : result === 0 ? 'queued' : 'dropped';
  }
}
