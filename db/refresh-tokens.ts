import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { RefreshTokensTable } from './schema/refresh-tokens.ts';
import type { UserRow } from './users.ts';

export type RefreshTokenRow = Selectable<RefreshTokensTable>;

/**
 * Locks the user's row against a change: what is issued while an account is being disabled is either refused here,
 * or revoked there.
 * @returns false when the account is disabled or gone
 */
export async function insertRefreshToken(ex: Executor, token: Omit<RefreshTokenRow, 'used_at' | 'revoked_at'>): Promise<boolean> {
  const row = await ex
    .insertInto('refresh_tokens')
    .columns(['id', 'family_id', 'user_id', 'parent_id', 'token_hash', 'issued_at', 'expires_at'])
    .expression((eb) =>
      eb
        .selectFrom('users')
        .select([
          eb.val(token.id).as('id'),
          eb.val(token.family_id).as('family_id'),
          'users.id as user_id',
          eb.val(token.parent_id).as('parent_id'),
          eb.val(token.token_hash).as('token_hash'),
          eb.val(token.issued_at).as('issued_at'),
          eb.val(token.expires_at).as('expires_at'),
        ])
        .where('users.id', '=', token.user_id)
        .where('disabled_at', 'is', null)
        .forShare(),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Locks the token's owner, then its whole family, so that rotations of one login happen one after the other, and none while
 * its owner is being disabled. Whoever locks both takes the owner first.
 * @returns the token, its owner, and whether it has a child that was itself used
 */
export async function lockRefreshToken(
  ex: Executor,
  hash: Buffer,
): Promise<{ token: RefreshTokenRow; user: UserRow; childUsed: boolean } | undefined> {
  const found = await ex
    .selectFrom('refresh_tokens')
    .innerJoin('users', 'users.id', 'refresh_tokens.user_id')
    .selectAll('users')
    .select('family_id')
    .where('token_hash', '=', hash)
    .forShare('users')
    .executeTakeFirst();
  if (!found) return undefined;
  const { family_id, ...user } = found;
  const family = await ex
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('family_id', '=', family_id)
    .orderBy('id')
    .forUpdate()
    .execute();
  const token = family.find((row) => hash.equals(row.token_hash));
  if (!token) return undefined;
  return { token, user, childUsed: family.some((row) => row.parent_id === token.id && row.used_at !== null) };
}

export async function markUsed(ex: Executor, id: string, at: Date): Promise<void> {
  await ex.updateTable('refresh_tokens').set({ used_at: at }).where('id', '=', id).execute();
}

/** The children of a token that is rotated again: whoever holds them must not use them any more. */
export async function revokeChildren(ex: Executor, parentId: string, at: Date): Promise<void> {
  await ex
    .updateTable('refresh_tokens')
    .set({ revoked_at: at })
    .where('parent_id', '=', parentId)
    .where('revoked_at', 'is', null)
    .execute();
}

/** Locks first: an update alone passes over the child of a rotation that is being committed. */
async function revokeWhere(ex: Executor, column: 'family_id' | 'user_id', id: string, at: Date): Promise<void> {
  const revoke = async (tx: Executor) => {
    await tx.selectFrom('refresh_tokens').select('id').where(column, '=', id).where('revoked_at', 'is', null).orderBy('id').forUpdate().execute();
    await tx
      .updateTable('refresh_tokens')
      .set({ revoked_at: at })
      .where(column, '=', id)
      .where('revoked_at', 'is', null)
      .execute();
  };
  await (ex.isTransaction ? revoke(ex) : ex.transaction().execute(revoke));
}

export const revokeFamily = (ex: Executor, familyId: string, at: Date): Promise<void> => revokeWhere(ex, 'family_id', familyId, at);

/** Every login of a user. Nothing is issued meanwhile if the user's row was locked before (`lockUser`). */
export const revokeLoginsOf = (ex: Executor, userId: string, at: Date): Promise<void> => revokeWhere(ex, 'user_id', userId, at);

/** What a request's rights depend on. `live`: a token of the login is not revoked. */
export interface LoginState extends Pick<UserRow, 'role' | 'disabled_at'> {
  readonly live: boolean;
}

/** A user, and one of their logins. */
export interface LoginKey {
  readonly userId: string;
  readonly familyId: string;
}

/**
 * Every authenticated request asks: one statement, and as text, which costs half the processor time of building it.
 * @returns by the keys' places; undefined where there is no such user
 */
export async function findLogins(ex: Executor, keys: readonly LoginKey[]): Promise<(LoginState | undefined)[]> {
  const { rows } = await sql<LoginState & { place: number }>`
    SELECT k.place::int AS place, role, disabled_at, EXISTS (SELECT FROM refresh_tokens t WHERE t.family_id = k.family_id AND revoked_at IS NULL) AS live
    FROM unnest(${keys.map((key) => key.userId)}::uuid[], ${keys.map((key) => key.familyId)}::uuid[]) WITH ORDINALITY AS k (user_id, family_id, place)
    JOIN users ON users.id = k.user_id`.execute(ex);
  const found = new Map(rows.map(({ place, ...login }) => [place, login]));
  return keys.map((_, index) => found.get(index + 1));
}

/** @returns undefined when there is no such user */
export async function findLogin(ex: Executor, userId: string, familyId: string): Promise<LoginState | undefined> {
  return (await findLogins(ex, [{ userId, familyId }]))[0];
}
