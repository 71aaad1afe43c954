import type { Db } from '../../../../db/executor.ts';
import { findUser } from '../../../../db/users.ts';
import { ProtocolError } from '../../../../protocol/errors.ts';
import {
  Me,
  ChangeMeBody,
  LoginBody,
  LogoutBody,
  RefreshBody,
  RegisterBody,
  SetupBody,
  Tokens,
  User,
} from '../../../../protocol/http/accounts.ts';
import type { DeviceCookies } from '../../../auth/logins/device-cookies.ts';
import type { FirstAdmin } from '../../../auth/accounts/first-admin.ts';
import type { Logins } from '../../../auth/logins/logins.ts';
import type { Registration } from '../../../auth/accounts/registration.ts';
import type { Principal } from '../../../auth/logins/tokens.ts';
import { changeOwnName, isNameFixed } from '../../../auth/accounts/own-name.ts';
import type { Clock } from '../../../clock.ts';
import { userView } from '../../../auth/accounts/user-view.ts';
import { originOf, withDeviceCookie } from './browser.ts';
import type { Whose } from '../../limits/request-line.ts';
import { openRoute, type Route, userRoute } from '../../pipeline/route.ts';

export interface AuthRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  /** After a change of names: open consoles show the new ones. */
  readonly followNames: (userIds: readonly string[]) => Promise<void>;
  readonly logins: Logins;
  readonly registration: Registration;
  readonly firstAdmin: FirstAdmin;
  readonly deviceCookies: DeviceCookies;
  /** Reads an `Authorization` header. @throws ProtocolError */
  readonly authenticate: (authorization: string) => Promise<Principal>;
}

const ofLogin = (id: string | undefined): Whose | undefined =>
  id === undefined ? undefined : { kind: 'login', name: id };

export function authRoutes({
  db,
  logins,
  registration,
  firstAdmin,
  deviceCookies,
  authenticate,
  clock,
  followNames,
}: AuthRouteParts): Route[] {
  return [
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/register',
      tag: 'Accounts',
      summary: 'Registers a student and logs in',
      answer: Tokens,
      problems: [
        'registration_closed',
        'registration_refused',
        'weak_password',
        'second_factor_required',
        'rate_limited',
        'account_disabled',
      ],
      status: 201,
      body: RegisterBody,
      handle: async ({ body, ...request }) => {
        const from = originOf(request, deviceCookies, body.email);
        return withDeviceCookie(201, await registration.register(body, from), request, deviceCookies, body.email, from);
      },
    }),
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/api/auth/login',
      tag: 'Accounts',
      summary: 'Logs in',
      answer: Tokens,
      problems: ['bad_credentials', 'second_factor_required', 'bad_second_factor', 'account_disabled', 'rate_limited'],
      body: LoginBody,
      handle: async ({ body, ...request }) => {
        const from = originOf(request, deviceCookies, body.email);
        return withDeviceCookie(200, await logins.login(body, from), request, deviceCookies, body.email, from);
      },
    }),
    openRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/auth/refresh',
      tag: 'Accounts',
      summary: 'Exchanges a refresh token for new tokens',
      description: 'Single use. Reuse ends the login, unless two renewals of the same client raced.',
      answer: Tokens,
      problems: ['unauthenticated', 'token_expired', 'refresh_raced', 'refresh_reused', 'account_disabled'],
      body: RefreshBody,
      whose: ({ body, address }) => ofLogin(logins.signedFor(body.refreshToken, address)),
      handle: ({ body, header }) =>
        logins.refresh(body.refreshToken, (email) => deviceCookies.read(header('cookie'), email)),
    }),
    openRoute({
      line: 'entry',
      method: 'POST',
      path: '/api/auth/logout',
      tag: 'Accounts',
      summary: 'Logs out',
      description:
        'Ends the login of the refresh token in the body, else of the access token. Revokes its tokens and closes its sockets.',
      problems: ['unauthenticated', 'token_expired', 'account_disabled'],
      body: LogoutBody,
      whose: ({ body, address }) =>
        ofLogin(body.refreshToken === undefined ? undefined : logins.signedFor(body.refreshToken, address)),
      handle: async ({ body, authorization, address }) => {
        if (body.refreshToken !== undefined) await logins.logoutByToken(body.refreshToken, address);
        const who = await authenticate(authorization).catch((error: unknown) => {
          // The refresh token suffices; an expired access token beside it is ignored.
          if (body.refreshToken === undefined || !(error instanceof ProtocolError)) throw error;
          return undefined;
        });
        if (who) await logins.logout({ id: who.loginId, user_id: who.userId }, address);
      },
    }),
    userRoute({
      whilePending: true,
      method: 'GET',
      path: '/api/auth/me',
      tag: 'Accounts',
      summary: "Returns the caller's account",
      answer: Me,
      handle: async ({ who }) => {
        const user = await findUser(db, who.userId);
        if (!user) throw new ProtocolError('unauthenticated', 'account no longer exists');
        return { ...userView(user), ...((await isNameFixed(db, user.id)) && { nameFixed: true as const }) };
      },
    }),
    userRoute({
      method: 'PATCH',
      path: '/api/auth/me',
      tag: 'Accounts',
      summary: "Changes the caller's name",
      description:
        'Students change it only while it is theirs alone: after a self-registration, before any enrolment, session or change by staff; otherwise 403.',
      answer: User,
      body: ChangeMeBody,
      handle: async ({ who, body }) => {
        const user = await changeOwnName({ db, clock }, who, body.name);
        await followNames([user.id]);
        return userView(user);
      },
    }),
    openRoute({
      line: 'own',
      method: 'POST',
      path: '/api/setup',
      tag: 'Accounts',
      summary: 'Creates the first admin',
      description: 'Requires the one-time setup token that the server prints at its first start.',
      answer: Tokens,
      problems: ['setup_closed', 'email_taken', 'weak_password'],
      status: 201,
      body: SetupBody,
      handle: async ({ body, ...request }) => {
        const from = originOf(request, deviceCookies, body.email);
        const admin = await firstAdmin.redeem(body.token, body);
        return withDeviceCookie(201, await logins.begin(admin, from), request, deviceCookies, body.email, from);
      },
    }),
  ];
}
