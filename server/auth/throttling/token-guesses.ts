import { ProtocolError } from '../../../protocol/errors.ts';
import { KeyedBuckets } from '../../token-bucket.ts';
import { siteOf } from '../network.ts';

/** Of one site: a class that renews its logins of before an update, all at once. Nobody guesses one of 2^256. */
const RATE = { burst: 300, perSecond: 3 };
const AGAIN_S = 1;

/** Tokens that nothing is known of but their form: each costs a look into the database. */
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
