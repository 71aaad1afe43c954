import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { SecondFactorsTable } from './schema/second-factors.ts';

export type SecondFactorRow = Selectable<SecondFactorsTable>;
export type NewSecondFactor = Pick<
  SecondFactorRow,
  | 'id'
  | 'user_id'
  | 'kind'
  | 'name'
  | 'created_at'
  | 'confirmed_at'
  | 'secret'
  | 'credential_id'
  | 'rp_id'
  | 'transports'
> & { readonly counter: number };

/** @returns false if the passkey already exists */
export async function insertSecondFactor(ex: Executor, { transports, ...factor }: NewSecondFactor): Promise<boolean> {
  const row = await ex
    .insertInto('second_factors')
    .values({ ...factor, last_used_at: null, transports: JSON.stringify(transports) })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Confirmed factors, oldest first. */
export const listSecondFactors = (ex: Executor, userId: string): Promise<SecondFactorRow[]> =>
  ex
    .selectFrom('second_factors')
    .selectAll()
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .orderBy('id')
    .execute();

export async function hasSecondFactor(ex: Executor, userId: string): Promise<boolean> {
  const row = await ex
    .selectFrom('second_factors')
    .select('id')
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether a second factor was verified in this browser, in a login that is still stored. */
export async function hasProvenDevice(ex: Executor, userId: string, deviceKey: Uint8Array): Promise<boolean> {
  const row = await ex
    .selectFrom('logins')
    .select('id')
    .where('user_id', '=', userId)
    .where('device_key', '=', Buffer.from(deviceKey))
    .where('second_factor_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A factor of this user. */
export const findSecondFactor = (ex: Executor, userId: string, id: string): Promise<SecondFactorRow | undefined> =>
  ex.selectFrom('second_factors').selectAll().where('user_id', '=', userId).where('id', '=', id).executeTakeFirst();

/** Deletes unconfirmed factors. */
export async function deleteUnconfirmed(ex: Executor, userId: string): Promise<void> {
  await ex.deleteFrom('second_factors').where('user_id', '=', userId).where('confirmed_at', 'is', null).execute();
}

/** Accepts only a higher counter: of two concurrent uses with the same one, the second gets false. */
export async function advanceCounter(ex: Executor, id: string, counter: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('second_factors')
    .set({ counter, last_used_at: at, confirmed_at: sql<Date>`coalesce(confirmed_at, ${at})` })
    .where('id', '=', id)
    .where('counter', '<', counter)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** For a passkey that does not count. */
export async function markFactorUsed(ex: Executor, id: string, at: Date): Promise<void> {
  await ex.updateTable('second_factors').set({ last_used_at: at }).where('id', '=', id).execute();
}

export async function renameSecondFactor(
  ex: Executor,
  userId: string,
  id: string,
  name: string,
): Promise<SecondFactorRow | undefined> {
  return ex
    .updateTable('second_factors')
    .set({ name })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .where('confirmed_at', 'is not', null)
    .returningAll()
    .executeTakeFirst();
}

/** @returns false if the user has no such factor */
export async function deleteSecondFactor(ex: Executor, userId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await ex
    .deleteFrom('second_factors')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Deletes all factors and recovery codes. @returns the number of factors */
export async function deleteSecondFactorsOf(ex: Executor, userId: string): Promise<number> {
  await ex.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  const { numDeletedRows } = await ex.deleteFrom('second_factors').where('user_id', '=', userId).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Replaces the recovery codes. */
export async function replaceRecoveryCodes(ex: Executor, userId: string, hashes: readonly Buffer[]): Promise<void> {
  await ex.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  await ex
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ code_hash, user_id: userId })))
    .execute();
}

export async function countRecoveryCodes(ex: Executor, userId: string): Promise<number> {
  const { n } = await ex
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** @returns false if it is not the user's or was used */
export async function useRecoveryCode(ex: Executor, userId: string, hash: Buffer): Promise<boolean> {
  const { numDeletedRows } = await ex
    .deleteFrom('recovery_codes')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Serialises changes of one user's factors. */
export async function lockFactorsOf(ex: Executor, userId: string): Promise<void> {
  await ex.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute();
}

/** Records that a second factor was verified in this login. */
export async function markProven(ex: Executor, loginId: string, at: Date): Promise<void> {
  await ex.updateTable('logins').set({ second_factor_at: at, mfa_pending: false }).where('id', '=', loginId).execute();
}

/** Records that the user has no second factor any more. */
export async function markUnproven(ex: Executor, userId: string): Promise<void> {
  await ex.updateTable('logins').set({ second_factor_at: null }).where('user_id', '=', userId).execute();
}

export async function loginBegan(ex: Executor, loginId: string): Promise<Date | undefined> {
  return (await ex.selectFrom('logins').select('created_at').where('id', '=', loginId).executeTakeFirst())?.created_at;
}
