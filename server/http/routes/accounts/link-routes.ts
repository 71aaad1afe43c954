import type { Db } from '../../../../db/executor.ts';
import { listPendingLinks, type PendingLinkRow } from '../../../../db/password-resets.ts';
import { findUsers } from '../../../../db/users.ts';
import { MANAGED } from '../../../../protocol/http/accounts.ts';
import {
  LinksBody,
  MadeLinks,
  MailStatus,
  type PendingLink,
  PendingLinkPage,
  PendingLinkQuery,
} from '../../../../protocol/http/passwords.ts';
import { manages } from '../../../access/exam-access.ts';
import { mayGive } from '../../../access/user-access.ts';
import { madeLinkView, type Resets } from '../../../auth/passwords/resets.ts';
import type { Clock } from '../../../clock.ts';
import type { Mailer } from '../../../mail/mailer.ts';
import { pageBy } from '../../lists/page.ts';
import { managerRoute, type Route } from '../../pipeline/route.ts';

export interface LinkRouteParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly resets: Resets;
  readonly mailer: Pick<Mailer, 'status'>;
  /** Path prefix of the server; empty: none. */
  readonly basePath: string;
}

/** Bytes of 500 ids. */
const BODY_LIMIT = 32 * 1024;

const pendingView = (row: PendingLinkRow): PendingLink => ({
  userId: row.user_id,
  name: row.name,
  email: row.email,
  kind: row.kind,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  mail: row.mail,
  mailError: row.mail_error,
});

/** Invitations and password links for many people, and their mail. */
export const linkRoutes = ({ db, clock, resets, mailer, basePath }: LinkRouteParts): Route[] => [
  managerRoute({
    method: 'POST',
    path: '/api/users/links',
    tag: 'Accounts',
    summary: 'Creates invitation or reset links for many people',
    description:
      'Each is single use, replaces an earlier link of the account and is shown only here. Mails are sent in the background; `GET /api/users/links` says what became of them.',
    answer: MadeLinks,
    status: 201,
    stepUp: 'factor',
    body: LinksBody,
    bodyLimit: BODY_LIMIT,
    handle: async ({ body: { userIds, kind, send }, who, address }) => {
      const ids = [...new Set(userIds)];
      const users = new Map((await findUsers(db, ids)).map((user) => [user.id, user]));
      const left = ids.flatMap((userId) => {
        const user = users.get(userId);
        const reason =
          !user || !manages(who, user)
            ? 'not_found'
            : !mayGive(who, user.role)
              ? 'forbidden'
              : user.disabled_at
                ? 'disabled'
                : undefined;
        return reason === undefined ? [] : [{ userId, reason } as const];
      });
      const refused = new Set(left.map(({ userId }) => userId));
      const to = ids.flatMap((id) => (refused.has(id) ? [] : [users.get(id)!]));
      const made = await resets.make({ userId: who.userId, address }, to, { kind, send });
      const items = made.map((link) => madeLinkView(link, basePath));
      return { items, left };
    },
  }),
  managerRoute({
    method: 'GET',
    path: '/api/users/links',
    tag: 'Accounts',
    summary: 'Lists unused invitation and reset links',
    description: 'Without their tokens, newest account first; the user id is the cursor. Expired ones are left out.',
    answer: PendingLinkPage,
    query: PendingLinkQuery,
    handle: async ({ query, who }) => {
      const all = who.role === 'admin';
      const rows = await listPendingLinks(db, {
        ...query,
        now: new Date(clock()),
        ...(!all && { organisation: who.organisationId, roles: MANAGED }),
      });
      return pageBy(rows, query.limit, pendingView, ({ user_id }) => user_id);
    },
  }),
  managerRoute({
    method: 'GET',
    path: '/api/mail',
    tag: 'Accounts',
    summary: 'Returns the state of sending mail',
    answer: MailStatus,
    handle: async () => mailer.status,
  }),
];
