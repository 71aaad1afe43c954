import type { Db } from '../../../../db/executor.ts';
import { listUsers } from '../../../../db/list-users.ts';
import {
  Account,
  ChangeUserBody,
  CreateUserBody,
  User,
  UserPage,
  UserQuery,
} from '../../../../protocol/http/accounts.ts';
import { PathId } from '../../../../protocol/http/lists.ts';
import type { SecurityLog } from '../../../audit/security/security-log.ts';
import { roleForbids } from '../../../access/refused.ts';
import { checkManaged, managedUser, mayGive, organisationFor } from '../../../access/user-access.ts';
import { createAccount } from '../../../auth/accounts/accounts.ts';
import { type AnonymiseParts, anonymiseUser } from '../../../auth/accounts/anonymise.ts';
import { changeUser } from '../../../auth/accounts/change-user.ts';
import { formerNames } from '../../../auth/accounts/name-changes.ts';
import type { Passwords } from '../../../auth/passwords/passwords.ts';
import type { Revocations } from '../../../auth/logins/revocations.ts';
import { userRevision, userView } from '../../../auth/accounts/user-view.ts';
import type { Clock } from '../../../clock.ts';
import { pageOf } from '../../lists/page.ts';
import { managerRoute, type Route } from '../../pipeline/route.ts';

export interface UserRouteParts extends AnonymiseParts {
  readonly db: Db;
  readonly passwords: Passwords;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly security: Pick<SecurityLog, 'record'>;
  /** After COMMIT: open consoles show the present names of students. */
  readonly followNames: (studentIds: readonly string[]) => Promise<void>;
}

export function userRoutes(parts: UserRouteParts): Route[] {
  const { db, passwords } = parts;
  return [
    managerRoute({
      method: 'GET',
      path: '/api/users',
      tag: 'Accounts',
      summary: 'Lists accounts',
      description: 'Newest first. Managers see the accounts of their organisation.',
      answer: UserPage,
      query: UserQuery,
      handle: async ({ query: { q, organisation, ...query }, who }) => {
        const own = who.role === 'admin' ? organisation : who.organisationId;
        if (organisation !== undefined && organisation !== own) return pageOf([], query.limit, userView);
        const rows = await listUsers(db, { ...query, search: q, organisation: own });
        return pageOf(rows, query.limit, userView);
      },
    }),
    managerRoute({
      line: 'own',
      method: 'POST',
      path: '/api/users',
      stepUp: 'factor',
      tag: 'Accounts',
      summary: 'Creates an account',
      description:
        'Admins create any role, managers create students, proctors and reviewers of their organisation. Without a password, create a link for the person (`POST /api/users/links`).',
      answer: User,
      problems: ['email_taken', 'weak_password'],
      status: 201,
      body: CreateUserBody,
      handle: async ({ body, who }) => {
        if (!mayGive(who, body.role)) throw roleForbids();
        const organisationId = await organisationFor(db, who, body.organisationId);
        return userView(await createAccount(db, passwords, { ...body, organisationId }, body.role, who.userId));
      },
    }),
    managerRoute({
      method: 'GET',
      path: '/api/users/:id',
      tag: 'Accounts',
      summary: 'Returns an account',
      description: 'With former names. Managers see the accounts of their organisation that they manage.',
      answer: Account,
      params: PathId,
      handle: async ({ params, who }) => {
        const user = await managedUser(db, params.id, who);
        const former = await formerNames(db, user.id);
        return { ...userView(user), revision: userRevision(user), ...(former.length > 0 && { formerNames: former }) };
      },
    }),
    managerRoute({
      method: 'POST',
      path: '/api/users/:id/anonymise',
      stepUp: 'factor',
      tag: 'Accounts',
      summary: 'Anonymises an account',
      description:
        'Replaces name, address and numbers by a pseudonym, which sessions and reviews then show; disables the account, ends its logins and removes former names, password, links, second factors and assignments. Cannot be undone.',
      answer: User,
      problems: ['session_running', 'last_admin'],
      params: PathId,
      handle: async ({ params, who }) => {
        const user = await anonymiseUser(parts, who, params.id, (each) => checkManaged(who, each));
        await parts.followNames([user.id]);
        return userView(user);
      },
    }),
    managerRoute({
      method: 'PATCH',
      path: '/api/users/:id',
      stepUp: 'factor',
      tag: 'Accounts',
      summary: 'Changes an account',
      description:
        'Name, address, student number, external id, role, disabled or enabled, and for admins the organisation. Disabling ends its logins at once. Managers change students, proctors and reviewers of their organisation.',
      answer: User,
      problems: ['last_admin', 'email_taken', 'account_disabled', 'changed_meanwhile', 'has_exams'],
      params: PathId,
      body: ChangeUserBody,
      handle: async ({ params, body, who, address }) => {
        const { id } = params;
        if (body.role !== undefined && !mayGive(who, body.role)) throw roleForbids(id);
        if (body.organisationId !== undefined) await organisationFor(db, who, body.organisationId);
        const by = { userId: who.userId, address };
        const user = await changeUser(parts, by, id, body, (each) => checkManaged(who, each));
        if (body.name !== undefined || body.email !== undefined) await parts.followNames([id]);
        return userView(user);
      },
    }),
  ];
}
