import { uuidv7 } from 'uuidv7';
import type { Db } from '../../db/executor.ts';
import { insertUser, type UserRow } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/http/accounts.ts';
import type { Passwords } from './passwords.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly name?: string | undefined;
}

/** @throws ProtocolError `email_taken`, or `unavailable` while too many passwords are being hashed */
export async function createAccount(db: Db, passwords: Passwords, account: NewAccount, role: Role): Promise<UserRow> {
  const user = await insertUser(db, {
    id: uuidv7(),
    email: account.email,
    name: account.name ?? account.email,
    role,
    password_hash: await passwords.hash(account.password),
  });
  if (!user) throw new ProtocolError('email_taken', 'there is an account with this address');
  return user;
}
