import { appendAudit } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { renameUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';

/** @throws ProtocolError `unauthenticated` if the account no longer exists */
export function changeOwnName(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { userId }: { readonly userId: string },
  name: string,
): Promise<UserRow> {
  return db.transaction().execute(async (tx) => {
    const user = await renameUser(tx, userId, name);
    if (!user) throw new ProtocolError('unauthenticated', 'account no longer exists');
    await appendAudit(tx, {
      type: 'USER_CHANGED',
      entityId: userId,
      actor: userId,
      at: new Date(clock()),
      payload: { fields: ['name'] },
    });
    return user;
  });
}
