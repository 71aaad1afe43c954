import type { Db } from '../../db/executor.ts';
import { findUser } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { CreateUserBody, LoginBody, RefreshBody, RegisterBody, type Role, SetupBody } from '../../protocol/http/accounts.ts';
import { createAccount, type NewAccount } from '../auth/accounts.ts';
import type { FirstAdmin } from '../auth/first-admin.ts';
import type { Logins } from '../auth/logins.ts';
import type { Passwords } from '../auth/passwords.ts';
import { userView } from '../auth/user-view.ts';
import { openRoute, roleRoute, type Route, userRoute } from './route.ts';

export interface AuthRouteParts {
  readonly db: Db;
  readonly logins: Logins;
  readonly passwords: Passwords;
  readonly firstAdmin: FirstAdmin;
}

export function authRoutes({ db, logins, passwords, firstAdmin }: AuthRouteParts): Route[] {
  const createUser = (account: NewAccount, role: Role) => createAccount(db, passwords, account, role);

  return [
    openRoute({
      method: 'POST',
      path: '/api/auth/register',
      status: 201,
      body: RegisterBody,
      handle: async ({ body }) => logins.begin(await createUser(body, 'student')),
    }),
    openRoute({
      method: 'POST',
      path: '/api/auth/login',
      body: LoginBody,
      handle: ({ body, address }) => logins.login(body.email, body.password, address),
    }),
    openRoute({ method: 'POST', path: '/api/auth/refresh', body: RefreshBody, handle: ({ body }) => logins.refresh(body.refreshToken) }),
    userRoute({ method: 'POST', path: '/api/auth/logout', handle: ({ who }) => logins.logout(who.loginId) }),
    userRoute({
      method: 'GET',
      path: '/api/auth/me',
      handle: async ({ who }) => {
        const user = await findUser(db, who.userId);
        if (!user) throw new ProtocolError('unauthenticated', 'this account is gone');
        return userView(user);
      },
    }),
    openRoute({
      method: 'POST',
      path: '/api/setup',
      status: 201,
      body: SetupBody,
      handle: async ({ body }) => logins.begin(await firstAdmin.redeem(body.token, body)),
    }),
    roleRoute(['admin'], {
      method: 'POST',
      path: '/api/users',
      status: 201,
      body: CreateUserBody,
      handle: async ({ body }) => userView(await createUser(body, body.role)),
    }),
  ];
}
