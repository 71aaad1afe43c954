import { entryHash, NO_HASH, saltedDigest } from '../../db/audit-hash.ts';
import { type ChainPlace, type CheckedRow, findHeadWithoutEntry, pageOfChains } from '../../db/audit-log.ts';
import type { Executor } from '../../db/executor.ts';
import type { AuditFault, AuditVerification } from '../../protocol/http/audit.ts';

const PAGE = 500;

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const sameChain = (a: CheckedRow, b: CheckedRow) => a.entity_type === b.entity_type && a.entity_id === b.entity_id;
const fault = (at: ChainPlace, reason: AuditFault['reason']): AuditFault => ({ entityType: at.entity_type, entityId: at.entity_id, position: at.position, reason });

/** What is wrong with an entry, given the one before it in its chain. */
function checkEntry(row: CheckedRow, before: CheckedRow | undefined): AuditFault | undefined {
  if (row.position !== (before?.position ?? 0) + 1) return fault({ ...row, position: (before?.position ?? 0) + 1 }, 'missing');
  if (!same(row.prev_hash, before?.hash ?? NO_HASH)) return fault(row, 'link');
  if (!same(row.digest, saltedDigest('payload', row.salt, row.payload))) return fault(row, 'payload');
  if (!same(row.hash, entryHash(row))) return fault(row, 'hash');
  return undefined;
}

/** Whether the chain's head says that this entry is the last. */
function checkEnd(row: CheckedRow): AuditFault | undefined {
  if (row.head_length === null || row.head_hash === null) return fault(row, 'head');
  if (row.head_length > row.position) return fault({ ...row, position: row.position + 1 }, 'missing');
  if (row.head_length < row.position || !same(row.head_hash, row.hash)) return fault(row, 'head');
  return undefined;
}

/**
 * Recomputes every chain from the stored bytes, in pages, one entry's chain at a time: memory does not grow with the
 * log. Entries that are appended meanwhile do no harm: each page is one statement, and shows each head as it was then.
 */
export async function verifyAudit(ex: Executor): Promise<AuditVerification> {
  let checked = 0;
  let before: CheckedRow | undefined;
  for (;;) {
    const rows = await pageOfChains(ex, before, PAGE);
    for (const row of rows) {
      const ended = before && !sameChain(before, row) ? before : undefined;
      const firstBad = (ended && checkEnd(ended)) ?? checkEntry(row, ended ? undefined : before);
      if (firstBad) return { valid: false, checked, firstBad };
      checked += 1;
      before = row;
    }
    if (rows.length < PAGE) break;
  }
  const last = before && checkEnd(before);
  if (last) return { valid: false, checked, firstBad: last };
  const head = await findHeadWithoutEntry(ex);
  if (head) return { valid: false, checked, firstBad: fault({ ...head, position: head.length }, 'missing') };
  return { valid: true, checked };
}
