import type { Db } from '../../db/executor.ts';
import { revokeLoginsOf } from '../../db/refresh-tokens.ts';
import { lockUser, updateUser, type UserRow } from '../../db/users.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { ChangeUserBody } from '../../protocol/http/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Revocations } from './revocations.ts';

const isAdmin = ({ role, disabled_at }: Pick<UserRow, 'role' | 'disabled_at'>) => role === 'admin' && disabled_at === null;

/**
 * Disabling ends every login of the user; that, and another role, closes their sockets. One who is disabled already keeps
 * the time of it.
 * @throws ProtocolError `not_found` or `last_admin`
 */
export async function changeUser(parts: { db: Db; revocations: Revocations; clock: Clock }, id: string, { name, role, disabled }: ChangeUserBody): Promise<UserRow> {
  const now = new Date(parts.clock());
  const { before, after } = await parts.db.transaction().execute(async (tx) => {
    const locked = await lockUser(tx, id);
    if (!locked) throw new ProtocolError('not_found', 'there is no such user');
    const { user, otherAdmins } = locked;
    const disabledAt = disabled === undefined ? user.disabled_at : disabled ? (user.disabled_at ?? now) : null;
    const changed = { name: name ?? user.name, role: role ?? user.role, disabled_at: disabledAt };
    if (isAdmin(user) && !isAdmin(changed) && otherAdmins === 0) {
      throw new ProtocolError('last_admin', 'this is the only admin who is left; make another one first');
    }
    if (disabledAt) await revokeLoginsOf(tx, id, now);
    return { before: user, after: await updateUser(tx, id, changed) };
  });
  if (after.disabled_at || after.role !== before.role) parts.revocations.rightsChanged(id);
  return after;
}
