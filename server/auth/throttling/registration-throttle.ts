import { ProtocolError } from '../../../protocol/errors.ts';
import { systemTimers, type Timers } from '../../clock.ts';
import { siteOf } from '../network.ts';
import { FailureBudget } from './failure-budget.ts';

const HOUR_MS = 3600 * 1000;
/** Attempts per site, successful or not: classes register together, then a hundred per hour. */
const TOTAL = { attempts: 1000, periodMs: 10 * HOUR_MS };
/**
 * Pace of one site: ten at once, then eight a second. Each is a password hash and two transactions, which running exams
 * would otherwise wait for.
 */
const PACE = { attempts: 10, periodMs: 1250 };
/** Maximum wait for a turn, ms: a class of 90 registering at the same instant. The pages give up after 15 s. */
const MAX_WAIT_MS = 10_000;

const limited = (waitMs: number) =>
  new ProtocolError('rate_limited', 'too many registrations from your network', {
    retryable: true,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
    refusal: { kind: 'throttled' },
  });

/** Limits self-registrations per site and spaces them out: a class waits a few seconds, and a script gains nothing. */
export class RegistrationThrottle {
  readonly #total = new FailureBudget(TOTAL.attempts, TOTAL.periodMs);
  readonly #pace = new FailureBudget(PACE.attempts, PACE.periodMs);
  readonly #timers: Timers;
  readonly #now: () => number;

  /** @param now monotonic clock, ms */
  constructor(timers: Timers = systemTimers, now: () => number = () => performance.now()) {
    this.#timers = timers;
    this.#now = now;
  }

  /**
   * Counts an attempt and waits for its turn.
   * @returns a function that takes the attempt back, for one that failed by no fault of the client
   * @throws ProtocolError `rate_limited`
   */
  async admit(address: string): Promise<() => void> {
    const [site, now] = [siteOf(address), this.#now()];
    const spent = this.#total.wait(site, now);
    if (spent > 0) throw limited(spent);
    const wait = this.#pace.wait(site, now);
    if (wait > MAX_WAIT_MS) throw limited(wait - MAX_WAIT_MS);
    this.#total.spend(site, now);
    this.#pace.spend(site, now);
    if (wait > 0) await new Promise<void>((resolve) => this.#timers.after(wait, resolve));
    return () => this.#total.spend(site, this.#now(), -1);
  }
}
