import { appendAudit, type AuditEntryRow } from '../../db/audit/append.ts';
import { lockChain } from '../../db/audit/heads.ts';
import type { Db } from '../../db/executor.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { SYSTEM_ID } from '../../protocol/http/audit.ts';
import type { Clock } from '../clock.ts';

/** Writes the genesis entry of the system's chain. @throws ProtocolError `already_initialised` */
export async function initialiseAudit(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  by: { readonly userId: string },
): Promise<AuditEntryRow> {
  return db.transaction().execute(async (tx) => {
    const length = await lockChain(tx, 'system', SYSTEM_ID);
    if (length > 0) throw new ProtocolError('already_initialised', 'the audit log is already initialised');
    const [entry] = await appendAudit(tx, {
      type: 'GENESIS',
      entityId: SYSTEM_ID,
      actor: by.userId,
      at: new Date(clock()),
    });
    return entry!;
  });
}
