import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ProtocolError } from '../../protocol/errors.ts';

const TRIES = 5;
const WINDOW_SECONDS = 15 * 60;

/** Counts by account and address together: nobody can lock a stranger out of their account from elsewhere. */
export class LoginThrottle {
  readonly #limiter = new RateLimiterMemory({ points: TRIES, duration: WINDOW_SECONDS });

  /** Counts a try. @throws ProtocolError `rate_limited` */
  async check(email: string, address: string): Promise<void> {
    try {
      await this.#limiter.consume(`${address} ${email}`);
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      const minutes = Math.ceil(cause.msBeforeNext / 60_000);
      throw new ProtocolError('rate_limited', `too many tries; again in ${minutes} min`, { retryable: true });
    }
  }

  async clear(email: string, address: string): Promise<void> {
    await this.#limiter.delete(`${address} ${email}`);
  }
}
