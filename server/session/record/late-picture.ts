import { appendAudit, type NewAuditEntry } from '../../../db/audit/append.ts';
import { type EvidenceRow, insertEvidence } from '../../../db/evidence.ts';
import type { Db } from '../../../db/executor.ts';
import { findSession } from '../../../db/sessions.ts';
import { ProtocolError } from '../../../protocol/errors.ts';

/**
 * Inserts the row of a picture that was stored after its session had ended and been claimed for a review: no owner is
 * left that could write it. @throws ProtocolError `session_not_live` while another process runs it
 */
export async function addLatePicture(db: Db, row: EvidenceRow, act: NewAuditEntry): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const session = await findSession(tx, row.session_id);
    if (session?.status !== 'ended') throw new ProtocolError('session_not_live', 'another server holds this session');
    await insertEvidence(tx, [row]);
    await appendAudit(tx, act);
  });
}
