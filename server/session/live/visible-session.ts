import type { Executor } from '../../../db/executor.ts';
import { findSession, type NamedSessionRow } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/http/accounts.ts';

/** Also for a session of somebody else (`theirs`): only the audit log records the difference. */
export const noSession = (theirs?: { readonly id: string }): ProtocolError =>
  new ProtocolError('not_found', 'session not found', theirs && { refusal: { kind: 'not_own', target: theirs.id } });

/** Somebody else's session does not exist for a student. @throws ProtocolError `not_found` */
export async function findVisibleSession(
  ex: Executor,
  id: string,
  who: { readonly userId: string; readonly role: Role },
): Promise<NamedSessionRow> {
  const row = await findSession(ex, id);
  if (!row || (who.role === 'student' && row.student_id !== who.userId)) throw noSession(row);
  return row;
}

/** A session that has ended and can be judged. @throws ProtocolError `not_found` or `session_running` */
export async function findEndedSession(ex: Executor, id: string): Promise<NamedSessionRow> {
  const row = await findSession(ex, id);
  if (!row) throw noSession();
  if (row.status !== 'ended') throw new ProtocolError('session_running', 'session has not ended yet');
  return row;
}
