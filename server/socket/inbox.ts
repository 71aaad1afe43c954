import { CLOSE, ProtocolError } from '../../protocol/errors.ts';
import type { Turns, Waiting } from '../turns.ts';
import type { SocketHandler } from './socket-handler.ts';

/** Bytes that may wait for a later turn: four of the largest messages. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The other direction of the socket. */
interface Outgoing {
  readonly isEnded: boolean;
  fail(error: unknown): void;
}

/**
 * Messages of one socket, in order. They are handled on arrival, unless this turn of the event loop has used its share:
 * a burst that was read in one piece is handled in several turns.
 */
export class Inbox implements Waiting {
  readonly #connection: Outgoing;
  readonly #handler: SocketHandler;
  readonly #turns: Turns;
  #waiting: (string | Uint8Array)[] = [];
  #bytes = 0;
  #at = 0;
  #onClosed: (() => void) | undefined;

  constructor(connection: Outgoing, handler: SocketHandler, turns: Turns) {
    this.#connection = connection;
    this.#handler = handler;
    this.#turns = turns;
  }

  text(text: string): void {
    if (this.#isFree) this.#handler.text(text);
    else this.#wait(text);
  }

  /** @param bytes a copy of the socket's */
  binary(bytes: Uint8Array): void {
    if (this.#isFree) this.#handler.binary(bytes);
    else this.#wait(bytes);
  }

  /** The socket is closed. Messages that it sent before are handled first, then its handler, then `done`. */
  closed(done: () => void): void {
    this.#onClosed = done;
    if (this.#waiting.length === 0) this.#close(done);
  }

  next(): boolean {
    const message = this.#waiting[this.#at++];
    // After this end closed the socket, later messages are dropped.
    if (message !== undefined && !this.#connection.isEnded) {
      if (typeof message === 'string') this.#handler.text(message);
      else this.#handler.binary(message);
    }
    if (this.#at < this.#waiting.length) return true;
    this.#waiting = [];
    this.#bytes = 0;
    this.#at = 0;
    if (this.#onClosed) this.#close(this.#onClosed);
    return false;
  }

  #close(done: () => void): void {
    try {
      this.#handler.closed();
    } finally {
      done();
    }
  }

  get #isFree(): boolean {
    return this.#waiting.length === 0 && !this.#turns.isSpent;
  }

  #wait(message: string | Uint8Array): void {
    this.#bytes += message.length;
    if (this.#bytes > MAX_WAITING_BYTES) {
      return this.#connection.fail(
        new ProtocolError('rate_limited', 'too many messages at once', {
          close: CLOSE.tooMuch,
          retryable: true,
          refusal: { kind: 'flood' },
        }),
      );
    }
    this.#waiting.push(message);
    if (this.#waiting.length === 1) this.#turns.wait(this);
  }
}
