import { type Selectable, sql } from 'kysely';
import type { Executor, Tx } from './executor.ts';
import type { UsersTable } from './schema/users.ts';
import { searchText } from '../protocol/search-text.ts';

export type UserRow = Selectable<UsersTable>;
export type NewUser = Pick<UserRow, 'id' | 'email' | 'name' | 'role' | 'password_hash'> &
  Partial<Pick<UserRow, 'organisation_id' | 'student_number' | 'external_id'>>;

type Searched = Pick<UserRow, 'name' | 'email'> & Partial<Pick<UserRow, 'student_number' | 'external_id'>>;

/** Text by which an account is found. */
export const searchOf = ({ name, email, student_number, external_id }: Searched): string =>
  searchText([name, email, student_number, external_id].filter(Boolean).join(' '));

/** @returns undefined if the address, the student number or the external id is taken */
export async function insertUser(ex: Executor, user: NewUser): Promise<UserRow | undefined> {
  return ex
    .insertInto('users')
    .values({ ...user, disabled_at: null, search: searchOf(user) })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findUserByEmail(ex: Executor, email: string): Promise<UserRow | undefined> {
  return ex.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
}

export async function findUser(ex: Executor, id: string): Promise<UserRow | undefined> {
  return ex.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findUsers(ex: Executor, ids: readonly string[]): Promise<UserRow[]> {
  if (ids.length === 0) return [];
  return ex.selectFrom('users').selectAll().where('id', 'in', ids).execute();
}

export async function findUsersByEmail(ex: Executor, emails: readonly string[]): Promise<UserRow[]> {
  if (emails.length === 0) return [];
  return ex.selectFrom('users').selectAll().where('email', 'in', emails).execute();
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

/** Accounts per statement. */
const LOCKED_AT_ONCE = 200;

/**
 * Locks accounts in id order, as `lockUser` does, so that neither waits for the other for ever.
 * @param how `share` excludes changes only: a start, an enrolment; `change` excludes those too
 * @returns the accounts as they are with the lock
 */
export async function lockUsers(tx: Tx, ids: readonly string[], how: 'share' | 'change'): Promise<UserRow[]> {
  const ordered = [...new Set(ids)].toSorted();
  const users: UserRow[] = [];
  for (let from = 0; from < ordered.length; from += LOCKED_AT_ONCE) {
    const query = tx
      .selectFrom('users')
      .selectAll()
      .where('id', 'in', ordered.slice(from, from + LOCKED_AT_ONCE))
      .orderBy('id');
    users.push(...(await (how === 'share' ? query.forShare() : query.forNoKeyUpdate()).execute()));
  }
  return users;
}

/** Unique fields of an account. */
export type UniqueField = 'email' | 'student_number' | 'external_id';

const CONSTRAINTS: Readonly<Record<string, UniqueField>> = {
  users_email_key: 'email',
  users_student_number: 'student_number',
  users_external_id: 'external_id',
};
/** PostgreSQL: unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** The field that another account already has; undefined: another error. */
export function takenField(error: unknown): UniqueField | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: string };
  return code === UNIQUE_VIOLATION ? CONSTRAINTS[constraint ?? ''] : undefined;
}

/** The field of a new account that another one already has. */
export async function takenBy(
  ex: Executor,
  user: Pick<NewUser, 'email' | 'student_number' | 'external_id'> & { readonly organisation_id: string },
): Promise<UniqueField | undefined> {
  if (await findUserByEmail(ex, user.email)) return 'email';
  const [named] = await findByNumbers(ex, user.organisation_id, [
    { number: user.student_number ?? null, externalId: null },
  ]);
  return named ? 'student_number' : user.external_id ? 'external_id' : undefined;
}

/** Accounts of an organisation that have one of the student numbers (in any case) or external ids. */
export async function findByNumbers(
  ex: Executor,
  organisationId: string,
  given: readonly { readonly number: string | null; readonly externalId: string | null }[],
): Promise<UserRow[]> {
  const numbers = JSON.stringify(given.flatMap(({ number }) => (number === null ? [] : [number])));
  const ids = JSON.stringify(given.flatMap(({ externalId }) => (externalId === null ? [] : [externalId])));
  const { rows } = await sql<UserRow>`
    SELECT users.* FROM users JOIN (SELECT DISTINCT lower(value) AS value FROM jsonb_array_elements_text(${numbers}::jsonb)) AS given
      ON lower(users.student_number) = given.value
      WHERE users.organisation_id = ${organisationId}::uuid AND users.student_number IS NOT NULL
    UNION
    SELECT users.* FROM users JOIN (SELECT DISTINCT value FROM jsonb_array_elements_text(${ids}::jsonb)) AS given
      ON users.external_id = given.value
      WHERE users.organisation_id = ${organisationId}::uuid AND users.external_id IS NOT NULL`.execute(ex);
  return rows;
}

export type UserChange = Pick<UserRow, 'name' | 'role' | 'disabled_at'> &
  Partial<
    Pick<UserRow, 'organisation_id' | 'email' | 'student_number' | 'external_id' | 'anonymised_at' | 'password_hash'>
  >;

/** @throws an error with `takenField` */
export async function updateUser(ex: Executor, id: string, change: UserChange): Promise<UserRow> {
  const row = await ex.updateTable('users').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
  const search = searchOf(row);
  if (search !== row.search) await ex.updateTable('users').set({ search }).where('id', '=', id).execute();
  return { ...row, search };
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
