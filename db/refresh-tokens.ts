import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { RefreshTokensTable } from './schema/refresh-tokens.ts';

export type RefreshTokenRow = Selectable<RefreshTokensTable>;

export async function insertRefreshToken(
  ex: Executor,
  token: Omit<RefreshTokenRow, 'used_at' | 'revoked_at'>,
): Promise<void> {
  await ex
    .insertInto('refresh_tokens')
    .values({ ...token, used_at: null, revoked_at: null })
    .execute();
}

/**
 * Locks the token's whole family, so that rotations of one login happen one after the other.
 * @returns the token and whether it has a child that was itself used
 */
export async function lockRefreshToken(
  ex: Executor,
  hash: Buffer,
): Promise<{ token: RefreshTokenRow; childUsed: boolean } | undefined> {
  const found = await ex.selectFrom('refresh_tokens').select('family_id').where('token_hash', '=', hash).executeTakeFirst();
  if (!found) return undefined;
  const family = await ex
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('family_id', '=', found.family_id)
    .orderBy('id')
    .forUpdate()
    .execute();
  const token = family.find((row) => hash.equals(row.token_hash));
  if (!token) return undefined;
  return { token, childUsed: family.some((row) => row.parent_id === token.id && row.used_at !== null) };
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

/** Locks the family first: an update alone passes over the child of a rotation that is being committed. */
export async function revokeFamily(ex: Executor, familyId: string, at: Date): Promise<void> {
  const revoke = async (tx: Executor) => {
    await tx.selectFrom('refresh_tokens').select('id').where('family_id', '=', familyId).orderBy('id').forUpdate().execute();
    await tx
      .updateTable('refresh_tokens')
      .set({ revoked_at: at })
      .where('family_id', '=', familyId)
      .where('revoked_at', 'is', null)
      .execute();
  };
  await (ex.isTransaction ? revoke(ex) : ex.transaction().execute(revoke));
}

export async function isFamilyRevoked(ex: Executor, familyId: string): Promise<boolean> {
  const live = await ex
    .selectFrom('refresh_tokens')
    .select('id')
    .where('family_id', '=', familyId)
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return live === undefined;
}
