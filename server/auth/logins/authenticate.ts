import type { LoginKey, LoginState } from '../../../db/logins.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import type { AccessClaims, AccessTokens, Principal } from './tokens.ts';

/** As it is stored now. */
export type FindLogin = (key: LoginKey) => Promise<LoginState | undefined>;

/** What a bearer token says, by its signature alone. @throws ProtocolError `unauthenticated` or `token_expired` */
export async function claimsOf(tokens: AccessTokens, authorization: string): Promise<AccessClaims> {
  const match = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization);
  if (!match?.[1]) throw new ProtocolError('unauthenticated', 'bearer token required');
  return tokens.verify(match[1]);
}

/**
 * Reads `Authorization: Bearer`. The account and the login are looked up each time, so that a disabled user or a
 * logged-out token stops working at once, and the role is the stored one.
 * @throws ProtocolError `unauthenticated`, `token_expired` or `account_disabled`
 */
export async function authenticate(
  find: FindLogin,
  tokens: AccessTokens,
  authorization: string,
  secondFactorRoles: readonly Role[] = [],
): Promise<Principal> {
  const principal = await claimsOf(tokens, authorization);
  const login = await find({ userId: principal.userId, loginId: principal.loginId });
  if (!login?.live) throw new ProtocolError('unauthenticated', 'login has ended');
  if (login.disabled_at)
    throw new ProtocolError('account_disabled', 'account is disabled', {
      refusal: { kind: 'account_disabled', actor: principal.userId },
    });
  return {
    ...principal,
    role: login.role,
    secondFactorAt: login.secondFactorAt,
    factorPending: login.secondFactorAt === null && (login.mfaPending || secondFactorRoles.includes(login.role)),
  };
}
