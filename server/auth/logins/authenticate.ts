import type { LoginKey, LoginState } from '../../../db/logins.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import type { AccessTokens, Principal } from './tokens.ts';

/** As stored now. */
export type FindLogin = (key: LoginKey) => Promise<LoginState | undefined>;

/** Token of an `Authorization` header. @throws ProtocolError `unauthenticated` */
export function bearerOf(authorization: string): string {
  const match = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization);
  if (!match?.[1]) throw new ProtocolError('unauthenticated', 'bearer token required');
  return match[1];
}

/**
 * Reads `Authorization: Bearer`. Account and login are looked up each time, so that disabling and logout take effect at
 * once and the role is current.
 * @throws ProtocolError `unauthenticated`, `token_expired` or `account_disabled`
 */
export async function authenticate(
  find: FindLogin,
  tokens: AccessTokens,
  authorization: string,
  secondFactorRoles: readonly Role[] = [],
): Promise<Principal> {
  const principal = await tokens.verify(bearerOf(authorization));
  const login = await find({ userId: principal.userId, loginId: principal.loginId });
  if (!login?.live) throw new ProtocolError('unauthenticated', 'login has ended');
  if (login.disabled_at)
    throw new ProtocolError('account_disabled', 'account is disabled', {
      refusal: { kind: 'account_disabled', actor: principal.userId },
    });
  return {
    ...principal,
    role: login.role,
    organisationId: login.organisationId,
    secondFactorAt: login.secondFactorAt,
    factorPending: login.secondFactorAt === null && (login.mfaPending || secondFactorRoles.includes(login.role)),
  };
}
