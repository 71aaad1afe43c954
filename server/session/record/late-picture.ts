import { appendAudit, type NewAuditEntry } from '../../../db/audit/append.ts';
import { type EvidenceRow, insertEvidence } from '../../../db/evidence.ts';
import type { Db } from '../../../db/executor.ts';
import { findSession } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';

/**
 * The row of a picture whose session was over, and claimed by a reviewer, before the store had it: there is no owner
 * any more who could be overtaken. @throws ProtocolError `session_not_live` while another process runs it
 */
export async function addLatePicture(db: Db, row: EvidenceRow, act: NewAuditEntry): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const session = await findSession(tx, row.session_id);
    if (session?.status !== 'ended') throw new ProtocolError('session_not_live', 'another server holds this session');
    await insertEvidence(tx, [row]);
    await appendAudit(tx, act);
  });
}
