import { ProtocolError } from '../../../../protocol/errors.ts';
import {
  ChangePasswordBody,
  LinkAccount,
  LinkTokenBody,
  RedeemResetBody,
  ResetLink,
  ResetLinkBody,
} from '../../../../protocol/http/passwords.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import { managedUser } from '../../../access/user-access.ts';
import { userView } from '../../../auth/accounts/user-view.ts';
import { changePassword, type PasswordParts } from '../../../auth/passwords/change-password.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import { resetPathOf, type Resets } from '../../../auth/passwords/resets.ts';
import { givenFrom } from './browser.ts';
import { openRoute, managerRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface PasswordRouteParts extends PasswordParts {
  readonly resets: Resets;
  readonly deviceCookies: DeviceCookies;
  /** Path prefix of the server; empty: none. */
  readonly basePath: string;
}

export function passwordRoutes(parts: PasswordRouteParts): Route[] {
  const { resets, deviceCookies, basePath } = parts;
  return [
    userRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/password',
      tag: 'Accounts',
      summary: "Changes the caller's password",
      description: 'Ends all other logins and closes their sockets.',
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
      summary: 'Resets a password with a one-time token',
      description: 'Ends all logins of the account.',
      problems: ['weak_password', 'reset_closed', 'account_disabled', 'rate_limited'],
      body: RedeemResetBody,
      handle: ({ body, address }) => resets.redeem(body.token, body.newPassword, address),
    }),
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/reset/account',
      tag: 'Accounts',
      summary: 'Returns the account of a one-time password link',
      description: 'For the page that the link opens. The link stays unused.',
      answer: LinkAccount,
      problems: ['reset_closed', 'account_disabled', 'rate_limited'],
      body: LinkTokenBody,
      handle: async ({ body, address }) => {
        const { name, email, role, passwordSet } = userView(await resets.accountOf(body.token, address));
        return { name, email, role, passwordSet };
      },
    }),
    managerRoute({
      method: 'POST',
      path: '/api/users/:id/reset',
      tag: 'Accounts',
      summary: 'Creates a password reset link',
      description:
        'Single use, valid for one day. Replaces an earlier link of the account. Managers create links for students, proctors and reviewers of their organisation.',
      answer: ResetLink,
      status: 201,
      problems: ['account_disabled'],
      stepUp: 'factor',
      params: PathId,
      body: ResetLinkBody,
      handle: async ({ params, body, who, address }) => {
        const user = await managedUser(parts.db, params.id, who);
        if (user.anonymised_at) throw new ProtocolError('account_disabled', 'the account was anonymised');
        const by = { userId: who.userId, address };
        const { removeSecondFactors: removeFactors, send } = body;
        const [made] = await resets.make(by, [user], { kind: 'reset', send, removeFactors });
        const { token, expiresAt, mail } = made!;
        return { path: basePath + resetPathOf(token), expiresAt: expiresAt.toISOString(), mail };
      },
    }),
  ];
}
