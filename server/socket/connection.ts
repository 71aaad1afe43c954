import type { WebSocket } from 'uWebSockets.js';
import { encodeDown } from '../../protocol/codec.ts';
import type { ConsoleDown, ExamDown } from '../../protocol/down.ts';
import { recordRefusal, type SecurityLog } from '../audit/security-log.ts';
import type { TicketClaims } from '../auth/ticket-codec.ts';
import { CLOSE, type CloseCode, ProtocolError } from '../../protocol/errors.ts';

/** Who is at the other end; fixed at the upgrade. */
export interface Identity {
  readonly userId: string;
  readonly loginId: string;
  /** Undefined on a console. */
  readonly sessionId: string | undefined;
  readonly address: string;
  /** That opened the socket; to be confirmed before anything is answered. */
  readonly ticket: TicketClaims;
}

export type Sent = 'sent' | 'queued' | 'dropped' | 'gone';

/** What uWebSockets.js keeps for each socket. */
export interface SocketData {
  readonly identity: Identity;
  authExpiresAt: number;
  /** Set when the socket opens. */
  handler: SocketHandler | undefined;
  connection: Connection | undefined;
}

export interface SocketHandler {
  text(text: string): void;
  binary(bytes: Uint8Array): void;
  drained(): void;
  closed(): void;
  /** The ticket's login has 60 s left. */
  authExpiring(expiresAt: number): void;
}

/** The only thing that touches a socket. uWebSockets.js throws on a closed one: every call is guarded. */
export class Connection {
  readonly identity: Identity;
  readonly #ws: WebSocket<SocketData>;
  readonly #security: Pick<SecurityLog, 'refused'>;
  #alive = true;

  constructor(ws: WebSocket<SocketData>, security: Pick<SecurityLog, 'refused'>) {
    this.#ws = ws;
    this.#security = security;
    this.identity = ws.getUserData().identity;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get authExpiresAt(): number {
    return this.#alive ? this.#ws.getUserData().authExpiresAt : 0;
  }

  /** Bytes that the other end has not taken yet. */
  get buffered(): number {
    return this.#alive ? this.#ws.getBufferedAmount() : 0;
  }

  renewAuth(expiresAt: number): void {
    if (this.#alive) this.#ws.getUserData().authExpiresAt = expiresAt;
  }

  send(message: ExamDown | ConsoleDown): Sent {
    return this.#write(encodeDown(message), false);
  }

  sendBinary(bytes: Uint8Array): Sent {
    return this.#write(bytes, true);
  }

  /** `end` sends what is queued, then the close frame. */
  close(code: CloseCode, reason = ''): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#ws.end(code, reason);
  }

  /** Answers a message that failed; an error that ends the connection closes it after. */
  fail(error: unknown): void {
    const problem = error instanceof ProtocolError ? error : new ProtocolError('internal', 'the server failed', { close: CLOSE.internal, retryable: true });
    recordRefusal(this.#security, problem.refusal, { actor: this.identity.userId, target: this.identity.sessionId });
    this.send(problem.toWire());
    if (problem.close !== undefined) this.close(problem.close, problem.code);
  }

  /** The socket is closed already. */
  markClosed(): void {
    this.#alive = false;
  }

  #write(data: string | Uint8Array, binary: boolean): Sent {
    if (!this.#alive) return 'gone';
    const result = this.#ws.send(data, binary, false);
    return result === 1 ? 'sent' : result === 0 ? 'queued' : 'dropped';
  }
}
