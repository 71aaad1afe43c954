import type { Executor, Tx } from '../../../db/executor.ts';
import { findSession, lockSession, type NamedSessionRow, type SessionRow } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { noSession } from '../../access/refused.ts';

/** A session that has ended and can be judged. @throws ProtocolError `not_found` or `session_running` */
export async function findEndedSession(ex: Executor, id: string): Promise<NamedSessionRow> {
  const row = await findSession(ex, id);
  if (!row) throw noSession();
  if (row.status !== 'ended') throw stillRuns();
  return row;
}

/**
 * Locks a session that has ended. Ids and times of decisions are taken under the lock, so that the newest decision is the
 * last one in the audit log, too. @throws ProtocolError `not_found` or `session_running`
 */
export async function lockEndedSession(tx: Tx, id: string): Promise<Pick<SessionRow, 'id' | 'status'>> {
  const row = await lockSession(tx, id);
  if (!row) throw noSession();
  if (row.status !== 'ended') throw stillRuns();
  return row;
}

const stillRuns = () => new ProtocolError('session_running', 'session has not ended yet');
