import type { Selectable } from 'kysely';
import type { Executor } from './executor.ts';
import type { UsersTable } from './schema/users.ts';

export type UserRow = Selectable<UsersTable>;
export type NewUser = Pick<UserRow, 'id' | 'email' | 'name' | 'role' | 'password_hash'>;

/** @returns undefined when the address is taken */
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

/** Disabled ones do not count: a lone disabled admin must not lock everybody out. */
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
