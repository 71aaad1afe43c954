import { randomBytes } from 'node:crypto';
import { eraseCheckIns } from '../../../db/erase-check-ins.ts';
import { lockCheckInsOfStudent } from '../../../db/check-in-retention.ts';
import { appendAudits } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { endLoginsOf, forgetDevicesOf } from '../../../db/logins.ts';
import { findFrozen } from '../../../db/frozen.ts';
import { deleteNameChangesOf } from '../../../db/name-changes.ts';
import { deletePasswordResetsOf } from '../../../db/password-resets.ts';
import { deleteSecondFactorsOf } from '../../../db/second-factors.ts';
import { hasRunningSession } from '../../../db/sessions.ts';
import { lockUser, updateUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { NO_PASSWORD } from '../passwords/passwords.ts';
import { removeResetFilesOf } from '../passwords/reset-files.ts';
import type { Revocations } from '../logins/revocations.ts';
import { dropAssignments, isAdmin } from './change-user.ts';

export interface AnonymiseParts {
  readonly db: Db;
  readonly dataDir: string;
  readonly revocations: Revocations;
  readonly clock: Clock;
  /** Removes objects from the store of pictures whose rows are gone. */
  readonly pictures: { discard(keys: readonly string[]): void };
}

/** Shown in place of the name. 40 random bits: unrelated to the account. */
const newPseudonym = () => randomBytes(5).toString('hex');

/**
 * Replaces name, address and numbers by a pseudonym, which sessions and reviews then show; disables the account, ends
 * its logins and removes former names, password, links, second factors, assignments and pictures of check-ins. Cannot be undone. Repeating it changes nothing.
 * @param admit throws if the author may not change the account
 * @throws ProtocolError `not_found`, `session_running`, `appeal_open`, `last_admin`, or `forbidden` for the own account
 */
export async function anonymiseUser(
  { db, dataDir, revocations, clock, pictures }: AnonymiseParts,
  by: { readonly userId: string },
  id: string,
  admit: (user: UserRow) => void,
): Promise<UserRow> {
  const now = new Date(clock());
  const { before, after, ended, objects } = await db.transaction().execute(async (tx) => {
    const locked = await lockUser(tx, id);
    if (!locked) throw new ProtocolError('not_found', 'user not found');
    const { user, otherAdmins } = locked;
    admit(user);
    if (user.anonymised_at) return { before: user, after: user, ended: [], objects: [] };
    if (id === by.userId) throw new ProtocolError('forbidden', 'your own account: somebody else anonymises it');
    if (isAdmin(user) && otherAdmins === 0)
      throw new ProtocolError('last_admin', 'this is the last enabled admin; create another one first');
    if (await hasRunningSession(tx, id))
      throw new ProtocolError('session_running', 'a session of this student is running; end it first');
    // An appeal takes the row's share lock first, so none begins meanwhile.
    const frozen = await findFrozen(tx, { student: id });
    if (frozen !== undefined)
      throw new ProtocolError('appeal_open', 'an appeal of this student is open; decide it first', { ref: frozen });
    const pseudonym = newPseudonym();
    const updated = await updateUser(tx, id, {
      name: `Anonymous ${pseudonym}`,
      email: `${pseudonym}@anonymised.invalid`,
      student_number: null,
      external_id: null,
      role: user.role,
      password_hash: NO_PASSWORD,
      disabled_at: user.disabled_at ?? now,
      anonymised_at: now,
    });
    await deleteNameChangesOf(tx, id);
    await deletePasswordResetsOf(tx, id);
    await deleteSecondFactorsOf(tx, id);
    const logins = await endLoginsOf(tx, id, now);
    await forgetDevicesOf(tx, id);
    const dropped = await dropAssignments(tx, user, { ...updated, role: 'student' }, by.userId, now);
    // A name is in the document, a face in the photo and perhaps in those of the room.
    const checkIns = await lockCheckInsOfStudent(tx, id);
    const { objects: gone, audit } = await eraseCheckIns(tx, checkIns, {
      actor: by.userId,
      at: now,
      reason: 'anonymised',
      all: true,
    });
    await appendAudits(tx, [
      { type: 'USER_ANONYMISED', entityId: id, actor: by.userId, at: now },
      ...dropped,
      ...audit,
    ]);
    return { before: user, after: updated, ended: logins, objects: gone };
  });
  if (after === before) return after;
  if (objects.length > 0) pictures.discard(objects);
  await removeResetFilesOf(dataDir, before.email);
  for (const login of ended) revocations.loginEnded(login);
  revocations.rightsChanged(id);
  return after;
}
