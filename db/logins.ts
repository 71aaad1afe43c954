import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { LoginsTable } from './schema/logins.ts';
import type { UserRow } from './users.ts';

export type LoginRow = Selectable<LoginsTable>;
export type NewLogin = Pick<LoginRow, 'id' | 'user_id' | 'created_at' | 'idle_until' | 'expires_at' | 'salt'> &
  Partial<Pick<LoginRow, 'device' | 'device_key' | 'mfa_pending' | 'second_factor_at'>>;

/**
 * Locks the user's row against a change: what begins while an account is being disabled is either refused here, or
 * ended there.
 * @returns false when the account is disabled or gone
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

/** A refresh token from before logins had rows, by its digest. */
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
 * The next refresh token of a login takes the place of this one. One statement, whatever the number of rotations
 * before.
 * @returns false when another rotation, or the login's end, was first
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

/** @returns false when it is over already, or never was */
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
 * Ends every login of a user, but for one. Nothing begins meanwhile if the user's row was locked before (`lockUser`).
 * @returns ids of those that were ended
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

/** Logins of a user that are not over, last used first. */
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

/** Forgets logins that were over before a time, so many at most. @returns how many there were */
export async function deleteFinishedLogins(ex: Executor, before: Date, limit: number): Promise<number> {
  const { rows } = await sql`DELETE FROM logins WHERE id IN (
    SELECT id FROM logins WHERE ended_at < ${before} OR idle_until < ${before} OR expires_at < ${before} LIMIT ${limit}
  ) RETURNING 1`.execute(ex);
  return rows.length;
}

/** What a request's rights depend on. `live`: the login was not ended. */
export interface LoginState extends Pick<UserRow, 'role' | 'disabled_at'> {
  readonly live: boolean;
  /** When a second factor was last proven in this login. */
  readonly secondFactorAt: Date | null;
  /** The second factor is still to come. */
  readonly mfaPending: boolean;
}

/** A user, and one of their logins. */
export interface LoginKey {
  readonly userId: string;
  readonly loginId: string;
}

/**
 * Every authenticated request asks: one statement, and as text, which costs half the processor time of building it.
 * @returns by the keys' places; undefined where user not found
 */
export async function findLogins(ex: Executor, keys: readonly LoginKey[]): Promise<(LoginState | undefined)[]> {
  const { rows } = await sql<LoginState & { place: number }>`
    SELECT k.place::int AS place, role, disabled_at, l.id IS NOT NULL AND l.ended_at IS NULL AS live,
      l.second_factor_at AS "secondFactorAt", coalesce(l.mfa_pending, false) AS "mfaPending"
    FROM unnest(${keys.map((key) => key.userId)}::uuid[], ${keys.map((key) => key.loginId)}::uuid[]) WITH ORDINALITY AS k (user_id, login_id, place)
    JOIN users ON users.id = k.user_id
    LEFT JOIN logins l ON l.id = k.login_id AND l.user_id = k.user_id`.execute(ex);
  const found = new Map(rows.map(({ place, ...login }) => [place, login]));
  return keys.map((_, index) => found.get(index + 1));
}

/** @returns undefined when user not found */
export async function findLogin(ex: Executor, userId: string, loginId: string): Promise<LoginState | undefined> {
  return (await findLogins(ex, [{ userId, loginId }]))[0];
}
