import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProtocolError } from '../../../protocol/errors.ts';

/** Of one account, whoever asks: three of a million codes are right at a time. */
const SOON = { points: 5, duration: 15 * 60 };
const LATER = { points: 30, duration: 24 * 3600 };

/** Wrong codes of an account. A try is counted before it is looked at, so that many at once are not all let through. */
export class ProofThrottle {
  readonly #soon = new RateLimiterMemory(SOON);
  readonly #later = new RateLimiterMemory(LATER);

  /** Counts a try. @throws ProtocolError `rate_limited` */
  async check(userId: string): Promise<void> {
    try {
      await this.#soon.consume(userId);
      await this.#later.consume(userId);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const seconds = Math.ceil(cause.msBeforeNext / 1000);
      throw new ProtocolError('rate_limited', `too many wrong codes; again in ${Math.ceil(seconds / 60)} min. A passkey is still accepted`, {
        retryable: true,
        retryAfterSeconds: seconds,
        refusal: { kind: 'throttled', actor: userId, target: userId },
      });
    }
  }

  /** It was right. Of the day's tries only this one is given back: whoever interleaves guesses with the owner's logins gains none. */
  async right(userId: string): Promise<void> {
    await this.#soon.delete(userId);
    await this.#later.reward(userId);
  }
}
