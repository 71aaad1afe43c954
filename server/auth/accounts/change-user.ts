import { appendAudits, type NewAuditEntry } from '../../../db/audit/append.ts';
import { deleteAssignmentsOf } from '../../../db/assignments.ts';
import type { Db, Tx } from '../../../db/executor.ts';
import { endLoginsOf } from '../../../db/logins.ts';
import { deletePasswordResetsOf } from '../../../db/password-resets.ts';
import { hasExams } from '../../../db/enrolments.ts';
import { lockUser, updateUser, type UserRow } from '../../../db/users.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { ChangeUserBody } from '../../../protocol/http/accounts.ts';
import type { SecurityKind } from '../../../protocol/security-kinds.ts';
import type { SecurityLog } from '../../audit/security/security-log.ts';
import type { Clock } from '../../clock.ts';
import { refuseAnonymised } from './anonymised.ts';
import { throwTaken } from './field-taken.ts';
import { type NameCommitment, recordNames } from './name-changes.ts';
import type { Revocations } from '../logins/revocations.ts';
import { checkBase } from '../../../db/revision.ts';
import { userRevision } from './user-view.ts';

export const isAdmin = ({ role, disabled_at }: Pick<UserRow, 'role' | 'disabled_at'>) =>
  role === 'admin' && disabled_at === null;

/** Fields whose change is logged without values; a changed name also with a salted digest. */
const CHANGED = ['name', 'email', 'student_number', 'external_id'] as const;

function actsOf(
  before: UserRow,
  after: UserRow,
  actor: string,
  at: Date,
  names: NameCommitment | undefined,
): NewAuditEntry[] {
  const acts: Pick<NewAuditEntry, 'type' | 'payload'>[] = [];
  if (after.role !== before.role)
    acts.push({ type: 'USER_ROLE_CHANGED', payload: { from: before.role, to: after.role } });
  const fields = CHANGED.filter((field) => after[field] !== before[field]);
  if (fields.length > 0) acts.push({ type: 'USER_CHANGED', payload: { fields, ...names } });
  if (after.organisation_id !== before.organisation_id)
    acts.push({ type: 'USER_MOVED', payload: { from: before.organisation_id, to: after.organisation_id } });
  if (after.disabled_at && !before.disabled_at) acts.push({ type: 'USER_DISABLED' });
  if (!after.disabled_at && before.disabled_at) acts.push({ type: 'USER_ENABLED' });
  return acts.map((act) => ({ ...act, entityId: after.id, actor, at }));
}

/** Removes assignments that the account can no longer have. */
export async function dropAssignments(tx: Tx, before: UserRow, after: UserRow, actor: string, at: Date) {
  const mayHave = after.role === 'proctor' || after.role === 'reviewer';
  if (mayHave && after.organisation_id === before.organisation_id) return [];
  return (await deleteAssignmentsOf(tx, after.id)).map(({ id, exam_id, room }): NewAuditEntry => ({
    type: 'STAFF_UNASSIGNED',
    entityId: exam_id,
    actor,
    at,
    payload: { userId: after.id, wholeExam: room === null, room, assignmentId: id },
  }));
}

/**
 * Disabling ends every login of the user; disabling, another role or another organisation closes the user's sockets. Another organisation, or a role without
 * assignments, removes those that the user has. An account that is
 * already disabled keeps its time of disabling.
 * @param admit throws if the author may not change the account
 * @throws ProtocolError `not_found`, `last_admin`, `email_taken`, `bad_request` for a taken number or id, or
 * `account_disabled` for an anonymised account, `changed_meanwhile` with a `baseRevision`,
 * `has_exams` for another organisation while the account has enrolments or sessions
 */
export async function changeUser(
  parts: { db: Db; revocations: Revocations; clock: Clock; security: Pick<SecurityLog, 'record'> },
  by: { readonly userId: string; readonly address: string },
  id: string,
  { name, email, studentNumber, externalId, role, disabled, organisationId, baseRevision }: ChangeUserBody,
  admit: (user: UserRow) => void = () => {},
): Promise<UserRow> {
  const now = new Date(parts.clock());
  const change = async (tx: Tx) => {
    const locked = await lockUser(tx, id);
    if (!locked) throw new ProtocolError('not_found', 'user not found');
    const { user, otherAdmins } = locked;
    admit(user);
    const disabledAt = disabled === undefined ? user.disabled_at : disabled ? (user.disabled_at ?? now) : null;
    refuseAnonymised(user);
    const changed = {
      name: name ?? user.name,
      email: email ?? user.email,
      student_number: studentNumber === undefined ? user.student_number : studentNumber,
      external_id: externalId === undefined ? user.external_id : externalId,
      role: role ?? user.role,
      disabled_at: disabledAt,
      organisation_id: organisationId ?? user.organisation_id,
    };
    if (isAdmin(user) && !isAdmin(changed) && otherAdmins === 0) {
      throw new ProtocolError('last_admin', 'this is the last enabled admin; create another one first');
    }
    // Lists of the old organisation would show the name and address that the new one gives.
    if (changed.organisation_id !== user.organisation_id && (await hasExams(tx, id)))
      throw new ProtocolError('has_exams', 'the account has enrolments or sessions in exams of its organisation');
    if (disabledAt) await endLoginsOf(tx, id, now);
    // A link made for the old role or sent to the old address must not open the account.
    if (changed.role !== user.role || changed.email !== user.email) await deletePasswordResetsOf(tx, id);
    const updated = await updateUser(tx, id, changed);
    checkBase(baseRevision, userRevision(user), userRevision(updated));
    const dropped = await dropAssignments(tx, user, updated, by.userId, now);
    const names = await recordNames(tx, [{ before: user, after: updated }], { by: by.userId, at: now });
    await appendAudits(tx, [...actsOf(user, updated, by.userId, now, names.get(id)), ...dropped]);
    return { before: user, after: updated };
  };
  const { before, after } = await parts.db.transaction().execute(change).catch(throwTaken);
  const tell = (kind: SecurityKind) =>
    parts.security.record({ kind, actor: by.userId, target: id, address: by.address });
  if (after.role !== before.role) tell('role_changed');
  if (after.disabled_at && !before.disabled_at) tell('user_disabled');
  if (!after.disabled_at && before.disabled_at) tell('user_enabled');
  if (after.disabled_at || after.role !== before.role || after.organisation_id !== before.organisation_id)
    parts.revocations.rightsChanged(id);
  return after;
}
