import type { Executor } from '../../../db/executor.ts';
import { findSession, type NamedSessionRow } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { noSession } from '../../access/refused.ts';

/** A session that has ended and can be judged. @throws ProtocolError `not_found` or `session_running` */
export async function findEndedSession(ex: Executor, id: string): Promise<NamedSessionRow> {
  const row = await findSession(ex, id);
  if (!row) throw noSession();
  if (row.status !== 'ended') throw new ProtocolError('session_running', 'session has not ended yet');
  return row;
}
