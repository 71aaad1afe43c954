import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { UserRow } from './users.ts';
import type { PasswordResetsTable } from './schema/second-factors.ts';

export type PasswordResetRow = Selectable<PasswordResetsTable>;
export type NewPasswordReset = Pick<
  PasswordResetRow,
  'token_hash' | 'user_id' | 'made_by' | 'expires_at' | 'remove_factors'
> &
  Partial<Pick<PasswordResetRow, 'kind' | 'created_at' | 'mail'>>;

/** Replaces the users' earlier links. @param resets one for each user */
export async function putPasswordResets(ex: Executor, resets: readonly NewPasswordReset[]): Promise<void> {
  if (resets.length === 0) return;
  const rows = resets.map(({ kind = 'reset', created_at = new Date(), mail = 'off', ...reset }) => ({
    ...reset,
    kind,
    created_at,
    mail,
  }));
  await ex
    .insertInto('password_resets')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet((eb) => ({
        token_hash: eb.ref('excluded.token_hash'),
        made_by: eb.ref('excluded.made_by'),
        expires_at: eb.ref('excluded.expires_at'),
        remove_factors: eb.ref('excluded.remove_factors'),
        kind: eb.ref('excluded.kind'),
        created_at: eb.ref('excluded.created_at'),
        mail: eb.ref('excluded.mail'),
        mail_error: null,
      })),
    )
    .execute();
}

export const putPasswordReset = (ex: Executor, reset: NewPasswordReset): Promise<void> =>
  putPasswordResets(ex, [reset]);

/** Records what became of the mail with a link. */
export async function markMailed(ex: Executor, hash: Uint8Array, error: string | null): Promise<void> {
  await ex
    .updateTable('password_resets')
    .set({ mail: error === null ? 'sent' : 'failed', mail_error: error })
    .where('token_hash', '=', hash)
    .execute();
}

/** Links whose mails were still waiting when the server ended: only the mail had the token. */
export async function failQueuedMails(ex: Executor, error: string): Promise<void> {
  await ex
    .updateTable('password_resets')
    .set({ mail: 'failed', mail_error: error })
    .where('mail', '=', 'queued')
    .execute();
}

export type PendingLinkRow = Pick<
  PasswordResetRow,
  'user_id' | 'kind' | 'created_at' | 'expires_at' | 'mail' | 'mail_error'
> & { readonly name: string; readonly email: string };

/** Unused links, by user id, newest account first. */
export async function listPendingLinks(
  ex: Executor,
  filter: {
    readonly now: Date;
    readonly cursor?: string | undefined;
    readonly limit: number;
    readonly kind?: PasswordResetRow['kind'] | undefined;
    readonly mail?: PasswordResetRow['mail'] | undefined;
    /** Undefined: of all. */
    readonly organisation?: string | undefined;
    readonly roles?: readonly UserRow['role'][] | undefined;
  },
): Promise<PendingLinkRow[]> {
  const { now, cursor, limit, kind, mail, organisation, roles } = filter;
  let query = ex
    .selectFrom('password_resets as links')
    .innerJoin('users', 'users.id', 'links.user_id')
    .select([
      'links.user_id',
      'links.kind',
      'links.created_at',
      'links.expires_at',
      'links.mail',
      'links.mail_error',
      'users.name',
      'users.email',
    ])
    .where('links.expires_at', '>', now)
    .orderBy('links.user_id', 'desc')
    .limit(limit);
  if (cursor !== undefined) query = query.where('links.user_id', '<', cursor);
  if (kind !== undefined) query = query.where('links.kind', '=', kind);
  if (mail !== undefined) query = query.where('links.mail', '=', mail);
  if (organisation !== undefined) query = query.where('users.organisation_id', '=', organisation);
  if (roles !== undefined) query = query.where('users.role', 'in', roles);
  return query.execute();
}

/** Consumes a link. @returns undefined if it does not exist or has expired */
export async function takePasswordReset(ex: Executor, hash: Buffer, now: Date): Promise<PasswordResetRow | undefined> {
  const row = await ex.deleteFrom('password_resets').where('token_hash', '=', hash).returningAll().executeTakeFirst();
  return row && row.expires_at > now ? row : undefined;
}

export const findPasswordReset = (ex: Executor, hash: Buffer): Promise<PasswordResetRow | undefined> =>
  ex.selectFrom('password_resets').selectAll().where('token_hash', '=', hash).executeTakeFirst();

/** Voids all links of this user. */
export async function deletePasswordResetsOf(ex: Executor, userId: string): Promise<void> {
  await ex.deleteFrom('password_resets').where('user_id', '=', userId).execute();
}
