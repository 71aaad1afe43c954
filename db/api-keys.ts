import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { ApiKeysTable } from './schema/api-keys.ts';

export type ApiKeyRow = Selectable<ApiKeysTable>;
export type NewApiKey = Pick<
  ApiKeyRow,
  'id' | 'name' | 'digest' | 'scopes' | 'created_at' | 'created_by' | 'expires_at'
>;

export async function insertApiKey(ex: Executor, key: NewApiKey): Promise<ApiKeyRow> {
  return ex.insertInto('api_keys').values(key).returningAll().executeTakeFirstOrThrow();
}

export async function findApiKey(ex: Executor, id: string): Promise<ApiKeyRow | undefined> {
  return ex.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first, revoked ones included. */
export async function listApiKeys(
  ex: Executor,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<ApiKeyRow[]> {
  let query = ex.selectFrom('api_keys').selectAll().orderBy('id', 'desc').limit(limit);
  if (cursor !== undefined) query = query.where('id', '<', cursor);
  return query.execute();
}

/** @returns undefined if there is no such key or it is revoked */
export async function changeApiKey(
  ex: Executor,
  id: string,
  change: Partial<Pick<ApiKeyRow, 'name' | 'expires_at'>>,
): Promise<ApiKeyRow | undefined> {
  return ex
    .updateTable('api_keys')
    .set(change)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** @returns false if it was already revoked or never existed */
export async function revokeApiKey(ex: Executor, id: string, by: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('api_keys')
    .set({ revoked_at: at, revoked_by: by })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Writes at most once a day. */
export async function markApiKeyUsed(ex: Executor, id: string, day: Date): Promise<void> {
  await sql`UPDATE api_keys SET last_used_day = ${day}::timestamptz
    WHERE id = ${id}::uuid AND (last_used_day IS NULL OR last_used_day < ${day}::timestamptz)`.execute(ex);
}
