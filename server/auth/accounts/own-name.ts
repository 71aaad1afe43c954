import { appendAudit } from '../../../db/audit/append.ts';
import type { Db, Executor } from '../../../db/executor.ts';
import { isOwnName } from '../../../db/own-name.ts';
import { findUser, lockUsers, updateUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { recordNames } from './name-changes.ts';

/** Whether the name of the account identifies a student in exams, so that only staff change it. */
export async function isNameFixed(ex: Executor, userId: string): Promise<boolean> {
  return (await findUser(ex, userId))?.role === 'student' && !(await isOwnName(ex, userId));
}

/** @throws ProtocolError `unauthenticated` if the account no longer exists, `forbidden` for a fixed name */
export function changeOwnName(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { userId }: { readonly userId: string },
  name: string,
): Promise<UserRow> {
  return db.transaction().execute(async (tx) => {
    const [before] = await lockUsers(tx, [userId], 'change');
    if (!before) throw new ProtocolError('unauthenticated', 'account no longer exists');
    if (await isNameFixed(tx, userId))
      throw new ProtocolError(
        'forbidden',
        'your exams, or the people who run them, rely on your name: ask the exam office to change it',
      );
    const { role, disabled_at } = before;
    const after = await updateUser(tx, userId, { name, role, disabled_at });
    const at = new Date(clock());
    const names = await recordNames(tx, [{ before, after }], { by: userId, at });
    await appendAudit(tx, {
      type: 'USER_CHANGED',
      entityId: userId,
      actor: userId,
      at,
      payload: { fields: ['name'], ...names.get(userId) },
    });
    return after;
  });
}
