import { type Selectable, sql } from 'kysely';
import type { Executor } from './executor.ts';
import type { UsersTable } from './schema/users.ts';
import { newestFirst } from './newest-first.ts';

export type UserRow = Selectable<UsersTable>;
export type NewUser = Pick<UserRow, 'id' | 'email' | 'name' | 'role' | 'password_hash'> &
  Partial<Pick<UserRow, 'organisation_id'>>;

/** @returns undefined if the address is taken */
export async function insertUser(ex: Executor, user: NewUser): Promise<UserRow | undefined> {
  return ex
    .insertInto('users')
    .values({ ...user, disabled_at: null })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findUserByEmail(ex: Executor, email: string): Promise<UserRow | undefined> {
  return ex.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
}

export async function findUser(ex: Executor, id: string): Promise<UserRow | undefined> {
  return ex.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether an account is of the organisation. */
export async function isOfOrganisation(ex: Executor, id: string, organisationId: string): Promise<boolean> {
  return (await findUser(ex, id))?.organisation_id === organisationId;
}

/** Disabled admins do not count: a single disabled admin must not lock everybody out. */
export async function hasAdmin(ex: Executor): Promise<boolean> {
  const row = await ex
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface UserFilter {
  /** Id of the last user of the previous page. */
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly role?: UserRow['role'] | undefined;
  /** Prefix of the email address or name, case-insensitive. */
  readonly prefix?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly organisation?: string | undefined;
}

/** Newest first; ids are time-ordered, so the last id is the cursor. */
export async function listUsers(
  ex: Executor,
  { cursor, limit, role, prefix, disabled, organisation }: UserFilter,
): Promise<UserRow[]> {
  let query = ex.selectFrom('users').selectAll().orderBy('id', 'desc');
  if (role !== undefined) query = query.where('role', '=', role);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (disabled !== undefined) query = query.where('disabled_at', disabled ? 'is not' : 'is', null);
  if (prefix !== undefined) {
    // Not LIKE: the prefix may contain wildcards.
    const begins = (column: 'email' | 'name') => sql<boolean>`starts_with(lower(${sql.ref(column)}), lower(${prefix}))`;
    query = query.where((eb) => eb.or([begins('email'), begins('name')]));
  }
  return newestFirst(
    { cursor, limit },
    (below, places) => userBelow(ex, organisation, below, places),
    ({ below, downTo, limit: some }) => {
      let stretch = query.limit(some);
      if (below !== undefined) stretch = stretch.where('id', '<', below);
      if (downTo !== undefined) stretch = stretch.where('id', '>=', downTo);
      return stretch.execute();
    },
  );
}

async function userBelow(
  ex: Executor,
  organisation: string | undefined,
  below: string | undefined,
  places: number,
): Promise<string | undefined> {
  let query = ex
    .selectFrom('users')
    .select('id')
    .orderBy('id', 'desc')
    .offset(places - 1)
    .limit(1);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  if (below !== undefined) query = query.where('id', '<', below);
  return (await query.executeTakeFirst())?.id;
}

/**
 * Locks an account and all enabled admins, in id order: of two changes that would together leave no admin, the second
 * waits and then sees the first.
 * @returns the account, and the number of other enabled admins
 */
export async function lockUser(ex: Executor, id: string): Promise<{ user: UserRow; otherAdmins: number } | undefined> {
  const rows = await ex
    .selectFrom('users')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', id), eb.and([eb('role', '=', 'admin'), eb('disabled_at', 'is', null)])]))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const user = rows.find((row) => row.id === id);
  return user && { user, otherAdmins: rows.length - 1 };
}

export async function updateUser(
  ex: Executor,
  id: string,
  change: Pick<UserRow, 'name' | 'role' | 'disabled_at'> & Partial<Pick<UserRow, 'organisation_id'>>,
): Promise<UserRow> {
  return ex.updateTable('users').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
}

/** @returns undefined if the user does not exist */
export async function updatePasswordHash(ex: Executor, id: string, passwordHash: string): Promise<UserRow | undefined> {
  return ex
    .updateTable('users')
    .set({ password_hash: passwordHash })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
}
