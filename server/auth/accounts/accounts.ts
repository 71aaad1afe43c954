import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { insertUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import { DEFAULT_ORGANISATION } from '../../../protocol/http/organisations.ts';
import { checkNewPassword } from '../passwords/password-rules.ts';
import type { Passwords, Turn } from '../passwords/passwords.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly name?: string | undefined;
  /** Default: the first one. */
  readonly organisationId?: string | undefined;
}

/**
 * @param by creator; undefined: the account's own user; null: the server itself
 * @throws ProtocolError `email_taken`, `weak_password`, or `unavailable` while too many passwords are being hashed
 */
export async function createAccount(
  db: Db,
  passwords: Passwords,
  account: NewAccount,
  role: Role,
  by?: string | null,
  turn?: Turn,
): Promise<UserRow> {
  const { email, name = email } = account;
  checkNewPassword(account.password, account);
  const password_hash = await passwords.hash(account.password, turn);
  return db.transaction().execute(async (tx) => {
    const user = await insertUser(tx, {
      id: uuidv7(),
      email,
      name,
      role,
      password_hash,
      organisation_id: account.organisationId ?? DEFAULT_ORGANISATION,
    });
    if (!user) throw new ProtocolError('email_taken', 'an account with this email address already exists');
    await appendAudit(tx, {
      type: 'USER_CREATED',
      entityId: user.id,
      actor: by === undefined ? user.id : by,
      at: user.created_at,
      payload: {
        role,
        ...(user.organisation_id !== DEFAULT_ORGANISATION && { organisationId: user.organisation_id }),
      },
    });
    return user;
  });
}
