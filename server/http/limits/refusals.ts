import type { ProtocolError } from '../../../protocol/errors.ts';
import { KeyedBuckets } from '../../token-bucket.ts';

/** Refusals of one user or network that are sent at once. */
const AT_ONCE = { burst: 40, perSecond: 10 };
/**
 * Further ones are sent this long after the request arrived, ms; spread out, since otherwise all would be repeated
 * together.
 */
const LATE_MS = { least: 750, spread: 500 };
/** Maximum delayed refusals in total; some KB each. */
const MAX_WAITING = 5000;
/** Refusals that are free for the client and can be repeated without end. */
const CODES: ReadonlySet<string> = new Set(['rate_limited', 'too_large']);

/**
 * Slows down clients that keep requesting while refused. One refusal is cheap, but thousands per second are not; while
 * a response is pending, the next request of its connection waits, too.
 */
export class Refusals {
  readonly #buckets = new KeyedBuckets(AT_ONCE);
  #waiting = 0;

  /**
   * Resolves when the refusal may be sent: at once, unless this user or network has had too many recently.
   * @param since arrival of the request, ms of `performance.now`
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
