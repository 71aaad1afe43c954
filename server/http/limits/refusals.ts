import type { ProtocolError } from '../../../protocol/errors.ts';
import { KeyedBuckets } from '../../token-bucket.ts';

/** Refusals of one user or network that are answered at once. */
const AT_ONCE = { burst: 40, perSecond: 10 };
/** Further ones are answered this long after the request came, ms; spread, or they would all come back together. */
const LATE_MS = { least: 750, spread: 500 };
/** Refusals that wait to be sent, of all; some KB each. */
const MAX_WAITING = 5000;
/** Refusals that cost the client nothing and that a program can ask for without end. */
const CODES: ReadonlySet<string> = new Set(['rate_limited', 'too_large']);

/**
 * Slows down clients that go on asking while they are refused. A refusal is cheap, and thousands of them a second are
 * not: on a connection that waits for its answer the next request waits, too.
 */
export class Refusals {
  readonly #buckets = new KeyedBuckets(AT_ONCE);
  #waiting = 0;

  /**
   * Resolves when the refusal may be sent: at once, unless this user or network has had too many of late.
   * @param since when the request came, ms of `performance.now`
   */
  async turn(key: string, { code }: ProtocolError, since: number): Promise<void> {
    const now = performance.now();
    if (!CODES.has(code) || this.#buckets.take(key, now) || this.#waiting >= MAX_WAITING) return;
    const wait = since + LATE_MS.least + Math.random() * LATE_MS.spread - now;
    if (wait <= 0) return;
    this.#waiting += 1;
    await new Promise<void>((resolve) => setTimeout(resolve, wait).unref());
    this.#waiting -= 1;
  }
}
