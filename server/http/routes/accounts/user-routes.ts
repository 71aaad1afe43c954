import type { Db } from '../../../../db/executor.ts';
import { listUsers } from '../../../../db/users.ts';
import { ChangeUserBody, CreateUserBody, User, UserPage, UserQuery } from '../../../../protocol/http/accounts.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import { createAccount } from '../../../auth/accounts/accounts.ts';
import { changeUser } from '../../../auth/accounts/change-user.ts';
import type { Passwords } from '../../../auth/passwords/passwords.ts';
import type { Revocations } from '../../../auth/logins/revocations.ts';
import { userView } from '../../../auth/accounts/user-view.ts';
import type { Clock } from '../../../clock.ts';
import { pageOf } from '../../lists/page.ts';
import { adminRoute, type Route } from '../../pipeline/route.ts';

export interface UserRouteParts {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly security: Pick<SecurityLog, 'record'>;
}

export function userRoutes(parts: UserRouteParts): Route[] {
  const { db, passwords } = parts;
  return [
    adminRoute({
      method: 'GET',
      path: '/api/users',
      tag: 'Accounts',
      summary: 'Lists accounts',
      description: 'Newest first.',
      answer: UserPage,
      query: UserQuery,
      handle: async ({ query: { q, ...query } }) =>
        pageOf(await listUsers(db, { ...query, cursor: query.cursor, prefix: q }), query.limit, userView),
    }),
    adminRoute({
      line: 'own',
      method: 'POST',
      path: '/api/users',
      stepUp: 'factor',
      tag: 'Accounts',
      summary: 'Creates an account',
      description: 'Any role.',
      answer: User,
      problems: ['email_taken', 'weak_password'],
      status: 201,
      body: CreateUserBody,
      handle: async ({ body, who }) => userView(await createAccount(db, passwords, body, body.role, who.userId)),
    }),
    adminRoute({
      method: 'PATCH',
      path: '/api/users/:id',
      stepUp: 'factor',
      tag: 'Accounts',
      summary: 'Changes an account',
      description: 'Name, role, disabled or enabled. Disabling ends its logins at once.',
      answer: User,
      problems: ['last_admin'],
      params: PathId,
      body: ChangeUserBody,
      handle: async ({ params, body, who, address }) =>
        userView(await changeUser(parts, { userId: who.userId, address }, params.id, body)),
    }),
  ];
}
