import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProtocolError } from '../../protocol/errors.ts';
import { networkOf } from './network.ts';

const TRIES = 5;
const WINDOW_SECONDS = 15 * 60;

const keyOf = (email: string, address: string) => `${networkOf(address)} ${email}`;

/**
 * Counts by account and address together: nobody can lock a stranger out of their account from elsewhere. A try is counted
 * before the password is looked at, so that many at once are not all let through, and forgotten when it was right.
 */
export class LoginThrottle {
  readonly #limiter = new RateLimiterMemory({ points: TRIES, duration: WINDOW_SECONDS });

  /** Counts a try. @throws ProtocolError `rate_limited`, with the seconds until the tries are forgotten */
  async check(email: string, address: string): Promise<void> {
    try {
      await this.#limiter.consume(keyOf(email, address));
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const seconds = Math.ceil(cause.msBeforeNext / 1000);
      throw new ProtocolError('rate_limited', `too many tries; again in ${Math.ceil(seconds / 60)} min`, {
        retryable: true,
        retryAfterSeconds: seconds,
        refusal: { kind: 'login_throttled' },
      });
    }
  }

  /** The last try was not looked at. */
  async takeBack(email: string, address: string): Promise<void> {
    const { consumedPoints } = await this.#limiter.reward(keyOf(email, address));
    if (consumedPoints <= 0) await this.clear(email, address);
  }

  async clear(email: string, address: string): Promise<void> {
    await this.#limiter.delete(keyOf(email, address));
  }
}
