import type { Db } from '../../../db/executor.ts';
import { findUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ProofOptions, SecondFactorProof } from '../../../protocol/http/second-factors.ts';
import type { Clock } from '../../clock.ts';
import { PendingLogins } from './pending-logins.ts';
import type { RelyingParty } from './relying-party.ts';
import type { ProofFrom, SecondFactors } from './second-factors.ts';

/** Second step of a login, after the password, for accounts with a second factor. */
export class SecondStep {
  readonly #db: Db;
  readonly #factors: SecondFactors;
  readonly #clock: Clock;
  readonly #pending: PendingLogins;

  constructor(db: Db, factors: SecondFactors, clock: Clock) {
    this.#db = db;
    this.#factors = factors;
    this.#clock = clock;
    this.#pending = new PendingLogins(clock);
  }

  /**
   * Called after a correct password.
   * @param otp code of the app or recovery code sent with the password, from programs
   * @returns when the second factor was verified; undefined for an account without one
   * @throws ProtocolError `second_factor_required`, with the token for `complete` as `ref`; `bad_second_factor` or
   * `rate_limited`
   */
  async afterPassword(
    user: UserRow,
    otp: string | undefined,
    from: Pick<ProofFrom, 'address' | 'deviceKey'>,
  ): Promise<Date | undefined> {
    if (!(await this.#factors.has(user.id))) return undefined;
    if (otp === undefined || otp === '') {
      const ref = this.#pending.begin({ userId: user.id, passwordHash: user.password_hash });
      throw new ProtocolError('second_factor_required', 'second factor required', {
        ref,
      });
    }
    const code = otp.replaceAll(/\s/g, '');
    const proof: SecondFactorProof = /^\d{6}$/.test(code) ? { code } : { recoveryCode: otp };
    await this.#factors.prove(user.id, proof, { ...from, whose: '', party: noPasskeys });
    return new Date(this.#clock());
  }

  /** @param party undefined where passkeys are unavailable. @throws ProtocolError `unauthenticated` */
  options(token: string, party: RelyingParty | undefined): Promise<ProofOptions> {
    const { userId, whose } = this.#pending.find(token);
    return this.#factors.options(userId, whose, party);
  }

  /** @returns the user to log in @throws ProtocolError `unauthenticated`, `bad_second_factor` or `rate_limited` */
  async complete(
    token: string,
    proof: SecondFactorProof,
    {
      keyFor,
      ...from
    }: Omit<ProofFrom, 'whose' | 'deviceKey'> & { readonly keyFor: (email: string) => Uint8Array | undefined },
  ): Promise<{ readonly user: UserRow; readonly provenAt: Date }> {
    const login = this.#pending.take(token);
    let user: UserRow | undefined;
    try {
      user = await findUser(this.#db, login.userId);
      await this.#factors.prove(login.userId, proof, {
        ...from,
        whose: login.whose,
        deviceKey: user && keyFor(user.email),
      });
    } catch (error) {
      this.#pending.putBack(login);
      throw error;
    }
    this.#pending.finish(login);
    user = await findUser(this.#db, login.userId);
    // The password has changed meanwhile: start again with the new one.
    if (!user || user.password_hash !== login.passwordHash)
      throw new ProtocolError('unauthenticated', 'the password has changed; start again with the new one');
    return { user, provenAt: new Date(this.#clock()) };
  }
}

const noPasskeys = (): never => {
  throw new ProtocolError('bad_second_factor', 'a passkey cannot be sent together with the password');
};
