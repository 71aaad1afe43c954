import type { Db } from '../../../db/executor.ts';
import { findUserByEmail } from '../../../db/users.ts';
import type { NewAccount } from './accounts.ts';
import type { Passwords } from '../passwords/passwords.ts';

/**
 * ADMIN_EMAIL and ADMIN_PASSWORD create the first admin and change nothing afterwards: access to an old deployment's
 * environment must not give access to the account.
 * @returns a mismatch with the stored account, to be logged at start; undefined if there is none
 */
export async function staleAdminSettings(db: Db, passwords: Passwords, admin: NewAccount): Promise<string | undefined> {
  const user = await findUserByEmail(db, admin.email);
  if (!user)
    return 'ADMIN_EMAIL names no account: there is an admin already, so that none was made. An admin makes further accounts';
  if (user.role !== 'admin' || user.disabled_at)
    return 'the account that ADMIN_EMAIL names is not an enabled admin; the settings do not change that';
  if (await passwords.verify(user.password_hash, admin.password)) return undefined;
  return 'ADMIN_PASSWORD is not the password of ADMIN_EMAIL, and was not set: it only makes the first admin. Remove it from the environment if the password was changed; to set another one, run: npm run account -- reset ADMIN_EMAIL';
}
