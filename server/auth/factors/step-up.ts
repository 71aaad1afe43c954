import { loginBegan } from '../../../db/second-factors.ts';
import type { Db } from '../../../db/executor.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import type { Principal } from '../logins/tokens.ts';
import { Expiring } from './expiring.ts';
import type { SecondFactors } from './second-factors.ts';

/** How long a proof holds: ASVS 5.0, 7.5.3 asks for one before what is sensitive. */
export const STEP_UP_MS = 10 * 60_000;
const MOST_LOGINS = 100_000;

/** `factor`: whoever has a second factor proves it. `always`: whoever has none gives the password. */
export type StepUpNeed = 'factor' | 'always';

/** Whether somebody has proven lately who they are: an access token that was stolen does not do what matters most. */
export class StepUp {
  readonly #db: Db;
  readonly #factors: SecondFactors;
  readonly #clock: Clock;
  /** Logins in which the password was given again, with when. */
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
    // Who has just logged in gave the password then.
    const began = await loginBegan(this.#db, loginId);
    if (!began || began.getTime() <= since)
      throw new ProtocolError('step_up_required', 'this operation requires your password again');
  }
}
