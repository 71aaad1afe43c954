import { loginBegan } from '../../../db/second-factors.ts';
import type { Db } from '../../../db/executor.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import type { Principal } from '../logins/tokens.ts';
import { Expiring } from './expiring.ts';
import type { SecondFactors } from './second-factors.ts';

/** Validity of a re-authentication; ASVS 5.0, 7.5.3 requires one before sensitive operations. */
export const STEP_UP_MS = 10 * 60_000;
const MOST_LOGINS = 100_000;

/** `factor`: required of accounts with a second factor. `always`: accounts without one give the password. */
export type StepUpNeed = 'factor' | 'always';

/** Requires recent re-authentication, so that a stolen access token does not permit sensitive operations. */
export class StepUp {
  readonly #db: Db;
  readonly #factors: SecondFactors;
  readonly #clock: Clock;
  /** Time of the last password check by login. */
  readonly #passwords: Expiring<number>;

  constructor(db: Db, factors: SecondFactors, clock: Clock) {
    this.#db = db;
    this.#factors = factors;
    this.#clock = clock;
    this.#passwords = new Expiring(clock, STEP_UP_MS, MOST_LOGINS);
  }

  passwordProven(loginId: string): void {
    this.#passwords.set(loginId, this.#clock());
  }

  /** @throws ProtocolError `step_up_required` */
  async check(
    { userId, loginId, secondFactorAt }: Pick<Principal, 'userId' | 'loginId' | 'secondFactorAt'>,
    need: StepUpNeed,
  ): Promise<void> {
    const since = this.#clock() - STEP_UP_MS;
    if (secondFactorAt && secondFactorAt.getTime() > since) return;
    if (await this.#factors.has(userId))
      throw new ProtocolError('step_up_required', 'this operation requires your second factor again');
    if (need === 'factor' || this.#passwords.get(loginId) !== undefined) return;
    // A fresh login has just checked the password.
    const began = await loginBegan(this.#db, loginId);
    if (!began || began.getTime() <= since)
      throw new ProtocolError('step_up_required', 'this operation requires your password again');
  }
}
