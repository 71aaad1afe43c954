import { ProtocolError } from '../../../protocol/errors.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { siteOf } from '../network.ts';

/**
 * Limit per site: a class whose logins predate an update renews them all at once. A 256-bit token cannot be guessed.
 */
const RATE = { burst: 300, perSecond: 3 };
const AGAIN_S = 1;

/** Limits tokens that can only be checked in the database. */
export class TokenGuesses {
  readonly #buckets = new KeyedBuckets(RATE);

  /** @throws ProtocolError `rate_limited` */
  take(address: string): void {
    if (this.#buckets.take(siteOf(address), performance.now())) return;
    throw new ProtocolError('rate_limited', 'too many invalid tokens from your network', {
      retryable: true,
      retryAfterSeconds: AGAIN_S,
      refusal: { kind: 'flood' },
    });
  }
}
