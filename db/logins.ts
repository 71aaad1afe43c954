import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { LoginsTable } from './schema/logins.ts';
import type { UserRow } from './users.ts';

export type LoginRow = Selectable<LoginsTable>;
export type NewLogin = Pick<LoginRow, 'id' | 'user_id' | 'created_at' | 'idle_until' | 'expires_at' | 'salt'> &
  Partial<Pick<LoginRow, 'device' | 'device_key' | 'mfa_pending' | 'second_factor_at'>>;

/**
 * Locks the user's row against changes, so that a login started while the account is being disabled is either refused
 * here or ended there.
 * @returns false if the account is disabled or deleted
 */
export async function insertLogin(ex: Executor, login: NewLogin): Promise<boolean> {
  const {
    id,
    user_id,
    created_at,
    idle_until,
    expires_at,
    salt,
    device = '',
    device_key = null,
    mfa_pending = false,
    second_factor_at = null,
  } = login;
  const { rows } = await sql`
    INSERT INTO logins (id, user_id, created_at, last_used_at, rotated_at, idle_until, expires_at, salt, device, device_key, mfa_pending, second_factor_at)
    SELECT ${id}::uuid, users.id, ${created_at}::timestamptz, ${created_at}::timestamptz, ${created_at}::timestamptz, ${idle_until}::timestamptz, ${expires_at}::timestamptz,
      ${salt}::bytea, ${device}::text, ${device_key}::bytea, ${mfa_pending}::boolean, ${second_factor_at}::timestamptz
    FROM users WHERE users.id = ${user_id} AND disabled_at IS NULL FOR SHARE
    RETURNING id`.execute(ex);
  return rows.length > 0;
}

/** A login with its user. */
export async function readLogin(
  ex: Executor,
  id: string,
): Promise<{ readonly login: LoginRow; readonly user: UserRow } | undefined> {
  const login = await ex.selectFrom('logins').selectAll().where('id', '=', id).executeTakeFirst();
  const user = login && (await ex.selectFrom('users').selectAll().where('id', '=', login.user_id).executeTakeFirst());
  return login && user && { login, user };
}

/** A refresh token issued before logins had rows, by its digest. */
export async function findEarlierToken(
  ex: Executor,
  hash: Buffer,
): Promise<{ readonly loginId: string; readonly generation: number } | undefined> {
  const row = await ex
    .selectFrom('earlier_refresh_tokens')
    .selectAll()
    .where('token_hash', '=', hash)
    .executeTakeFirst();
  return row && { loginId: row.login_id, generation: row.generation };
}

/**
 * Rotates the refresh token of a login in one statement, regardless of earlier rotations.
 * @returns false if another rotation or the end of the login came first
 */
export async function rotateLogin(
  ex: Executor,
  id: string,
  from: number,
  { at, idleUntil }: { readonly at: Date; readonly idleUntil: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('logins')
    .set({ generation: from + 1, rotated_at: at, last_used_at: at, idle_until: idleUntil })
    .where('id', '=', id)
    .where('generation', '=', from)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** @returns false if it has already ended or never existed */
export async function endLogin(ex: Executor, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await ex
    .updateTable('logins')
    .set({ ended_at: at })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Ends all logins of a user except one. If the user's row was locked before (`lockUser`), none can start meanwhile.
 * @returns ids of the ended logins
 */
export async function endLoginsOf(ex: Executor, userId: string, at: Date, except?: string): Promise<string[]> {
  let query = ex
    .updateTable('logins')
    .set({ ended_at: at })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null);
  if (except !== undefined) query = query.where('id', '!=', except);
  return (await query.returning('id').execute()).map(({ id }) => id);
}

/** Removes what the user's logins say about their devices. */
export async function forgetDevicesOf(ex: Executor, userId: string): Promise<void> {
  await ex.updateTable('logins').set({ device: '', device_key: null }).where('user_id', '=', userId).execute();
}

/** Active logins of a user, most recently used first. */
export async function listLogins(ex: Executor, userId: string, now: Date, limit: number): Promise<LoginRow[]> {
  return ex
    .selectFrom('logins')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('idle_until', '>', now)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Deletes a batch of logins that ended before a time. @returns their number */
export async function deleteFinishedLogins(ex: Executor, before: Date, limit: number): Promise<number> {
  const { rows } = await sql`DELETE FROM logins WHERE id IN (
    SELECT id FROM logins WHERE ended_at < ${before} OR idle_until < ${before} OR expires_at < ${before} LIMIT ${limit}
  ) RETURNING 1`.execute(ex);
  return rows.length;
}

/** Account and login state that determines a request's rights. `live`: the login has not ended. */
export interface LoginState extends Pick<UserRow, 'role' | 'disabled_at'> {
  readonly organisationId: string;
  readonly live: boolean;
  /** When a second factor was last verified in this login. */
  readonly secondFactorAt: Date | null;
  /** The second factor is pending. */
  readonly mfaPending: boolean;
}

/** Key: a user and one of the user's logins. */
export interface LoginKey {
  readonly userId: string;
  readonly loginId: string;
}

/**
 * Runs for every authenticated request: one statement as plain SQL, which costs half the CPU time of the query builder.
 * @returns by index of the keys; undefined for an unknown user
 */
export async function findLogins(ex: Executor, keys: readonly LoginKey[]): Promise<(LoginState | undefined)[]> {
  const { rows } = await sql<LoginState & { place: number }>`
    SELECT k.place::int AS place, role, organisation_id AS "organisationId", disabled_at, l.id IS NOT NULL AND l.ended_at IS NULL AS live,
      l.second_factor_at AS "secondFactorAt", coalesce(l.mfa_pending, false) AS "mfaPending"
    FROM unnest(${keys.map((key) => key.userId)}::uuid[], ${keys.map((key) => key.loginId)}::uuid[]) WITH ORDINALITY AS k (user_id, login_id, place)
    JOIN users ON users.id = k.user_id
    LEFT JOIN logins l ON l.id = k.login_id AND l.user_id = k.user_id`.execute(ex);
  const found = new Map(rows.map(({ place, ...login }) => [place, login]));
  return keys.map((_, index) => found.get(index + 1));
}

/** @returns undefined if the user does not exist */
export async function findLogin(ex: Executor, userId: string, loginId: string): Promise<LoginState | undefined> {
  return (await findLogins(ex, [{ userId, loginId }]))[0];
}
