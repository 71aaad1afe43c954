import { markProven } from '../../../db/second-factors.ts';
import { findUser } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { SecondFactorProof } from '../../../protocol/http/second-factors.ts';
import { checkOwnPassword, type GivenFrom, type PasswordParts } from '../passwords/change-password.ts';
import type { Principal } from '../logins/tokens.ts';
import type { ProofFrom, SecondFactors } from './second-factors.ts';
import { STEP_UP_MS, type StepUp } from './step-up.ts';

/**
 * Re-authenticates with the second factor, or with the password of an account without one.
 * @returns its expiry
 * @throws ProtocolError `bad_second_factor`, `wrong_password` or `rate_limited`
 */
export async function proveAgain(
  parts: PasswordParts & { readonly factors: SecondFactors; readonly stepUp: StepUp },
  who: Principal,
  { password, ...proof }: SecondFactorProof & { readonly password?: string | undefined },
  from: Pick<ProofFrom, 'party'> & GivenFrom,
): Promise<Date> {
  const { db, factors, stepUp, clock, security } = parts;
  if (password === undefined) {
    const user = await findUser(db, who.userId);
    await factors.prove(who.userId, proof, {
      ...from,
      whose: who.loginId,
      provenLogin: who.secondFactorAt ? who.loginId : undefined,
      deviceKey: user && from.keyFor(user.email),
    });
    await markProven(db, who.loginId, new Date(clock()));
  } else {
    if (await factors.has(who.userId))
      throw new ProtocolError('bad_second_factor', 'a second factor is required: the password alone is not sufficient');
    await checkOwnPassword(parts, who, password, from, 'body.password');
    stepUp.passwordProven(who.loginId);
  }
  security.record({ kind: 'step_up', actor: who.userId, target: who.userId, address: from.address });
  return new Date(clock() + STEP_UP_MS);
}
