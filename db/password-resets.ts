import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { PasswordResetsTable } from './schema/second-factors.ts';

export type PasswordResetRow = Selectable<PasswordResetsTable>;

/** Replaces the user's earlier link. */
export async function putPasswordReset(ex: Executor, reset: PasswordResetRow): Promise<void> {
  const { user_id: _user, ...changed } = reset;
  await ex
    .insertInto('password_resets')
    .values(reset)
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(changed))
    .execute();
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
