import type { Db } from '../../db/executor.ts';
import { findUser } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { LoginBody, RefreshBody, RegisterBody, SetupBody, Tokens, User } from '../../protocol/http/accounts.ts';
import { createAccount } from '../auth/accounts.ts';
import type { FirstAdmin } from '../auth/first-admin.ts';
import type { Logins } from '../auth/logins.ts';
import type { Passwords } from '../auth/passwords.ts';
import { userView } from '../auth/user-view.ts';
import { openRoute, type Route, userRoute } from './route.ts';

export interface AuthRouteParts {
  readonly db: Db;
  readonly logins: Logins;
  readonly passwords: Passwords;
  readonly firstAdmin: FirstAdmin;
}

export function authRoutes({ db, logins, passwords, firstAdmin }: AuthRouteParts): Route[] {
  return [
    openRoute({
      method: 'POST',
      path: '/api/auth/register',
      tag: 'Accounts',
      summary: 'A new student account, signed in',
      answer: Tokens,
      problems: ['email_taken', 'weak_password'],
      status: 201,
      body: RegisterBody,
      handle: async ({ body }) => logins.begin(await createAccount(db, passwords, body, 'student')),
    }),
    openRoute({
      method: 'POST',
      path: '/api/auth/login',
      tag: 'Accounts',
      summary: 'Signs in',
      answer: Tokens,
      problems: ['bad_credentials', 'account_disabled', 'rate_limited'],
      body: LoginBody,
      handle: ({ body, address }) => logins.login(body.email, body.password, address),
    }),
    openRoute({
      method: 'POST',
      path: '/api/auth/refresh',
      tag: 'Accounts',
      summary: 'New tokens for a refresh token, which is used up; one that was used before closes the login',
      answer: Tokens,
      problems: ['unauthenticated', 'token_expired', 'refresh_raced', 'refresh_reused', 'account_disabled'],
      body: RefreshBody,
      handle: ({ body }) => logins.refresh(body.refreshToken),
    }),
    userRoute({
      method: 'POST',
      path: '/api/auth/logout',
      tag: 'Accounts',
      summary: 'Ends this login: its tokens and its sockets',
      handle: ({ who }) => logins.logout(who.loginId),
    }),
    userRoute({
      method: 'GET',
      path: '/api/auth/me',
      tag: 'Accounts',
      summary: 'Who is signed in',
      answer: User,
      handle: async ({ who }) => {
        const user = await findUser(db, who.userId);
        if (!user) throw new ProtocolError('unauthenticated', 'this account is gone');
        return userView(user);
      },
    }),
    openRoute({
      method: 'POST',
      path: '/api/setup',
      tag: 'Accounts',
      summary: 'Makes the first admin, with the token that the server printed once',
      answer: Tokens,
      problems: ['setup_closed', 'email_taken', 'weak_password'],
      status: 201,
      body: SetupBody,
      handle: async ({ body }) => logins.begin(await firstAdmin.redeem(body.token, body)),
    }),
  ];
}
