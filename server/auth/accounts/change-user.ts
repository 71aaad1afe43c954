import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { endLoginsOf } from '../../../db/logins.ts';
import { lockUser, updateUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ChangeUserBody } from '../../../protocol/http/accounts.ts';
import type { SecurityKind } from '../../../protocol/security-kinds.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import type { Revocations } from '../logins/revocations.ts';

const isAdmin = ({ role, disabled_at }: Pick<UserRow, 'role' | 'disabled_at'>) =>
  role === 'admin' && disabled_at === null;

function actsOf(before: UserRow, after: UserRow, actor: string, at: Date): NewAuditEntry[] {
  const acts: Pick<NewAuditEntry, 'type' | 'payload'>[] = [];
  if (after.role !== before.role)
    acts.push({ type: 'USER_ROLE_CHANGED', payload: { from: before.role, to: after.role } });
  if (after.disabled_at && !before.disabled_at) acts.push({ type: 'USER_DISABLED' });
  if (!after.disabled_at && before.disabled_at) acts.push({ type: 'USER_ENABLED' });
  return acts.map((act) => ({ ...act, entityId: after.id, actor, at }));
}

/**
 * Disabling ends every login of the user; disabling or another role closes the user's sockets. An account that is
 * already disabled keeps its time of disabling.
 * @throws ProtocolError `not_found` or `last_admin`
 */
export async function changeUser(
  parts: { db: Db; revocations: Revocations; clock: Clock; security: Pick<SecurityLog, 'record'> },
  by: { readonly userId: string; readonly address: string },
  id: string,
  { name, role, disabled }: ChangeUserBody,
): Promise<UserRow> {
  const now = new Date(parts.clock());
  const { before, after } = await parts.db.transaction().execute(async (tx) => {
    const locked = await lockUser(tx, id);
    if (!locked) throw new ProtocolError('not_found', 'user not found');
    const { user, otherAdmins } = locked;
    const disabledAt = disabled === undefined ? user.disabled_at : disabled ? (user.disabled_at ?? now) : null;
    const changed = { name: name ?? user.name, role: role ?? user.role, disabled_at: disabledAt };
    if (isAdmin(user) && !isAdmin(changed) && otherAdmins === 0) {
      throw new ProtocolError('last_admin', 'this is the last enabled admin; create another one first');
    }
    if (disabledAt) await endLoginsOf(tx, id, now);
    const updated = await updateUser(tx, id, changed);
    await appendAudits(tx, actsOf(user, updated, by.userId, now));
    return { before: user, after: updated };
  });
  const tell = (kind: SecurityKind) =>
    parts.security.record({ kind, actor: by.userId, target: id, address: by.address });
  if (after.role !== before.role) tell('role_changed');
  if (after.disabled_at && !before.disabled_at) tell('user_disabled');
  if (!after.disabled_at && before.disabled_at) tell('user_enabled');
  if (after.disabled_at || after.role !== before.role) parts.revocations.rightsChanged(id);
  return after;
}
