import type { Db } from '../../../db/executor.ts';
import { endLoginsOf } from '../../../db/logins.ts';
import { deletePasswordResetsOf } from '../../../db/password-resets.ts';
import { findUser, updatePasswordHash, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import type { Logins } from '../logins/logins.ts';
import { checkNewPassword } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { removeResetFilesOf } from './reset-files.ts';
import type { Revocations } from '../logins/revocations.ts';
import type { Principal } from '../logins/tokens.ts';

export interface PasswordParts {
  readonly db: Db;
  readonly dataDir: string;
  readonly passwords: Passwords;
  readonly logins: Logins;
  readonly revocations: Revocations;
  readonly clock: Clock;
  readonly security: Pick<SecurityLog, 'record'>;
}

/** Origin of a repeated password. */
export interface GivenFrom {
  readonly address: string;
  /** Key of an account in the request's device cookie. */
  readonly keyFor: (email: string) => Uint8Array | undefined;
}

/**
 * Checks the password of the logged-in user; attempts count as those of a login.
 * @throws ProtocolError `wrong_password`, `rate_limited`, or `unavailable` while too many wait
 */
export async function checkOwnPassword(
  { db, logins }: Pick<PasswordParts, 'db' | 'logins'>,
  who: Pick<Principal, 'userId'>,
  password: string,
  { address, keyFor }: GivenFrom,
  field = 'body.currentPassword',
): Promise<UserRow> {
  const user = await findUser(db, who.userId);
  if (!user) throw new ProtocolError('unauthenticated', 'account no longer exists');
  return logins
    .identify({ email: user.email, password }, { address, knownKey: keyFor(user.email) })
    .catch((cause: unknown) => {
      throw cause instanceof ProtocolError && cause.code === 'bad_credentials'
        ? new ProtocolError('wrong_password', 'wrong password', {
            ref: field,
            refusal: { kind: 'login_failed', target: user.id },
            cause,
          })
        : cause;
    });
}

/**
 * Changes the user's own password. Ends all other logins with their sockets and voids all reset links.
 * @throws ProtocolError `weak_password`, `wrong_password`, `rate_limited`
 */
export async function changePassword(
  parts: PasswordParts,
  who: Principal,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  from: GivenFrom,
): Promise<void> {
  const { db, dataDir, passwords, revocations, clock, security } = parts;
  const user = await checkOwnPassword(parts, who, currentPassword, from);
  checkNewPassword(newPassword, user, 'body.newPassword');
  if (newPassword === currentPassword)
    throw new ProtocolError('weak_password', 'the new password is the same as the current one', {
      ref: 'body.newPassword',
      fields: [{ field: 'body.newPassword', message: 'must differ from the current password' }],
    });
  const { address } = from;
  const hash = await passwords.hash(newPassword, { share: 'account', address, account: user.email });
  const ended = await db.transaction().execute(async (tx) => {
    await updatePasswordHash(tx, user.id, hash);
    await deletePasswordResetsOf(tx, user.id);
    return endLoginsOf(tx, user.id, new Date(clock()), who.loginId);
  });
  await removeResetFilesOf(dataDir, user.email);
  for (const login of ended) revocations.loginEnded(login);
  security.record({ kind: 'password_changed', actor: user.id, target: user.id, address });
  if (ended.length > 0) security.record({ kind: 'logins_ended', actor: user.id, target: user.id, address });
}
