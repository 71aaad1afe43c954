import { ChangePasswordBody, RedeemResetBody, ResetLink, ResetLinkBody } from '../../../../protocol/http/passwords.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { changePassword, type PasswordParts } from '../../../auth/passwords/change-password.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import { resetPathOf, type Resets } from '../../../auth/passwords/resets.ts';
import { givenFrom } from './browser.ts';
import { openRoute, adminRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface PasswordRouteParts extends PasswordParts {
  readonly resets: Resets;
  readonly deviceCookies: DeviceCookies;
}

export function passwordRoutes(parts: PasswordRouteParts): Route[] {
  const { resets, deviceCookies } = parts;
  return [
    userRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/password',
      tag: 'Accounts',
      summary: 'Another password for oneself; ends all other logins and their sockets',
      problems: ['weak_password', 'wrong_password', 'rate_limited'],
      stepUp: 'factor',
      body: ChangePasswordBody,
      handle: ({ body, who, ...request }) => changePassword(parts, who, body, givenFrom(request, deviceCookies)),
    }),
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/reset',
      tag: 'Accounts',
      summary: 'Sets the password with the token of a one-time link, and ends all logins of the account',
      problems: ['weak_password', 'reset_closed', 'account_disabled', 'rate_limited'],
      body: RedeemResetBody,
      handle: ({ body, address }) => resets.redeem(body.token, body.newPassword, address),
    }),
    adminRoute({
      method: 'POST',
      path: '/api/users/:id/reset',
      tag: 'Accounts',
      summary:
        'Makes a one-time link, good for a day, by which the account gets another password; replaces the one before',
      answer: ResetLink,
      status: 201,
      stepUp: 'factor',
      params: PathId,
      body: ResetLinkBody,
      handle: async ({ params, body, who, address }) => {
        const { token, expiresAt } = await resets.make(who, params.id, body.removeSecondFactors, address);
        return { path: resetPathOf(token), expiresAt: expiresAt.toISOString() };
      },
    }),
  ];
}
