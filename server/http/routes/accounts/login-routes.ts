import type { LoginRow } from '../../../../db/logins.ts';
import { EndedLogins, LogoutEverywhereBody, OwnLogins } from '../../../../protocol/http/accounts.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import type { Logins } from '../../../auth/logins/logins.ts';
import { type Route, userRoute } from '../../pipeline/route.ts';

export interface LoginRouteParts {
  readonly logins: Logins;
}

const loginView = (
  { id, device, created_at, last_used_at, expires_at }: LoginRow,
  current: string,
): OwnLogins['items'][number] => ({
  id,
  device,
  createdAt: created_at.toISOString(),
  lastUsedAt: last_used_at.toISOString(),
  expiresAt: expires_at.toISOString(),
  current: id === current,
});

/** Routes for the caller's own logins. */
export function loginRoutes({ logins }: LoginRouteParts): Route[] {
  return [
    userRoute({
      whilePending: true,
      method: 'GET',
      path: '/api/auth/logins',
      tag: 'Accounts',
      summary: "Lists the caller's logins",
      description: 'Most recently used first; at most 100.',
      answer: OwnLogins,
      handle: async ({ who }) => ({
        items: (await logins.list(who.userId)).map((login) => loginView(login, who.loginId)),
      }),
    }),
    userRoute({
      whilePending: true,
      method: 'DELETE',
      path: '/api/auth/logins/:id',
      tag: 'Accounts',
      summary: "Ends one of the caller's logins",
      description: 'Revokes its tokens and closes its sockets.',
      problems: ['not_found'],
      params: PathId,
      handle: ({ who, params, address }) => logins.endOwn(who.userId, params.id, address),
    }),
    userRoute({
      whilePending: true,
      method: 'POST',
      path: '/api/auth/logout-everywhere',
      tag: 'Accounts',
      summary: "Ends all of the caller's logins",
      description: 'With `exceptThis`, all but the current one.',
      answer: EndedLogins,
      body: LogoutEverywhereBody,
      handle: async ({ who, body, address }) => ({
        ended: await logins.endAll(who.userId, body.exceptThis ? who.loginId : undefined, address),
      }),
    }),
  ];
}
