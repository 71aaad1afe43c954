import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { insertUser, takenBy, type UserRow } from '../../../db/users.ts';
import type { Role } from '../../../protocol/http/accounts.ts';
import { DEFAULT_ORGANISATION } from '../../../protocol/http/organisations.ts';
import { checkNewPassword } from '../passwords/password-rules.ts';
import { fieldTaken } from './field-taken.ts';
import { NO_PASSWORD, type Passwords, type Turn } from '../passwords/passwords.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly name?: string | undefined;
  readonly studentNumber?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  /** Default: the first one. */
  readonly organisationId?: string | undefined;
}

/** Without a password, the person sets one with a link. */
export type InvitedAccount = Omit<NewAccount, 'password'> & { readonly password?: string | undefined };

/**
 * @param by creator; undefined: the account's own user; null: the server itself
 * @throws ProtocolError `email_taken`, `bad_request` for a taken number or id, `weak_password`, or `unavailable` while too many passwords are being hashed
 */
export async function createAccount(
  db: Db,
  passwords: Passwords,
  account: InvitedAccount,
  role: Role,
  by?: string | null,
  turn?: Turn,
): Promise<UserRow> {
  const { email, name = email, password, organisationId = DEFAULT_ORGANISATION } = account;
  if (password !== undefined) checkNewPassword(password, account);
  const password_hash = password === undefined ? NO_PASSWORD : await passwords.hash(password, turn);
  return db.transaction().execute(async (tx) => {
    const fields = {
      email,
      organisation_id: organisationId,
      student_number: account.studentNumber ?? null,
      external_id: account.externalId ?? null,
    };
    const user = await insertUser(tx, { id: uuidv7(), name, role, password_hash, ...fields });
    if (!user) throw fieldTaken((await takenBy(tx, fields)) ?? 'email');
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
