import type { HttpResponse } from 'uWebSockets.js';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { BodyBudget } from '../limits/body-budget.ts';

/** Time to receive a wanted body, ms. */
const BODY_TIMEOUT_MS = 10_000;

/**
 * How much of an unwanted body is read and discarded. Closing a connection with unread bytes resets it (RFC 9112,
 * section 9.6), and the client may never see the response; so these bytes are read first, then the connection is
 * closed.
 */
const DRAIN = {
  bytes: 64 * 1024 * 1024,
  ms: 10_000,
  /**
   * Time without further bytes, ms: the client is waiting for the response, and nothing unread would reset the
   * connection.
   */
  quietMs: 1000,
} as const;

interface Wanted {
  readonly limit: number;
  readonly chunks: Buffer[];
  readonly timer: NodeJS.Timeout;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The body of one request while it arrives, discarded unless it is wanted. Its listener must be attached in the
 * handler's first turn.
 */
export class Incoming {
  readonly #budget: BodyBudget;
  readonly #address: string;
  #wanted: Wanted | undefined;
  #over: boolean;
  #size = 0;
  #held = 0;
  #lastAt = performance.now();
  #drain:
    { readonly endsAt: number; readonly timer: NodeJS.Timeout; readonly done: (whole: boolean) => void } | undefined;

  /** @param hasBody whether the request has one (RFC 9112, section 6.3) */
  constructor(res: HttpResponse, budget: BodyBudget, address: string, hasBody: boolean) {
    this.#budget = budget;
    this.#address = address;
    this.#over = !hasBody;
    if (hasBody) res.onData((chunk, isLast) => this.#take(chunk, isLast));
  }

  /**
   * Receives the whole body. Must be called in the handler's first turn.
   * @throws ProtocolError `too_large`, `request_timeout`, or `unavailable` if the body budget is exhausted
   */
  keep(limit: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail(new ProtocolError('request_timeout', 'timed out waiting for the body')),
        BODY_TIMEOUT_MS,
      );
      this.#wanted = { limit, chunks: [], timer, resolve, reject };
    });
  }

  /** Discards what was received and what is still to come. */
  drop(): void {
    this.#fail(new ProtocolError('bad_request', 'request was already answered'));
    this.#budget.giveBack(this.#address, this.#held);
    this.#held = 0;
  }

  /**
   * Calls back when the body has been read, or enough of it that the rest is not awaited.
   * @param done gets whether it was read entirely
   */
  whenOver(done: (whole: boolean) => void): void {
    if (this.#over) return done(true);
    const now = performance.now();
    const timer = setTimeout(() => this.#checkDrain(), Math.max(0, this.#lastAt + DRAIN.quietMs - now));
    this.#drain = { endsAt: now + DRAIN.ms, timer, done };
  }

  /** The client has disconnected. */
  aborted(): void {
    this.#over = true;
    clearTimeout(this.#drain?.timer);
    this.#drain = undefined;
    this.drop();
  }

  #take(chunk: ArrayBuffer, isLast: boolean): void {
    this.#size += chunk.byteLength;
    this.#over ||= isLast;
    if (this.#wanted) this.#keepChunk(this.#wanted, chunk, isLast);
    else this.#lastAt = performance.now();
    if (this.#drain && (isLast || this.#size > DRAIN.bytes)) this.#endDrain(isLast);
  }

  #keepChunk(wanted: Wanted, chunk: ArrayBuffer, isLast: boolean): void {
    try {
      if (this.#size > wanted.limit) throw tooLarge(wanted.limit);
      this.#budget.take(this.#address, chunk.byteLength);
    } catch (error) {
      return this.#fail(error);
    }
    this.#held += chunk.byteLength;
    // uWebSockets.js reclaims the memory when this function returns.
    wanted.chunks.push(Buffer.from(chunk.slice(0)));
    if (!isLast) return;
    clearTimeout(wanted.timer);
    this.#wanted = undefined;
    const [first] = wanted.chunks;
    wanted.resolve(wanted.chunks.length === 1 && first ? first : Buffer.concat(wanted.chunks));
  }

  #fail(error: unknown): void {
    const wanted = this.#wanted;
    if (!wanted) return;
    this.#wanted = undefined;
    clearTimeout(wanted.timer);
    wanted.reject(error);
  }

  #checkDrain(): void {
    if (!this.#drain) return;
    const now = performance.now();
    const quietAt = this.#lastAt + DRAIN.quietMs;
    // Timers fire up to 1 ms early.
    if (now + 1 >= Math.min(quietAt, this.#drain.endsAt)) return this.#endDrain(false);
    const timer = setTimeout(() => this.#checkDrain(), Math.min(quietAt, this.#drain.endsAt) - now);
    this.#drain = { ...this.#drain, timer };
  }

  #endDrain(whole: boolean): void {
    const drain = this.#drain;
    this.#drain = undefined;
    clearTimeout(drain?.timer);
    drain?.done(whole);
  }
}

export const tooLarge = (limit: number) => new ProtocolError('too_large', `body exceeds the maximum of ${limit} bytes`);
