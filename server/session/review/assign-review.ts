import { appendAudit } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { assignReviewer } from '../../../db/review-work.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { checkGivenTo, managedSession } from '../../access/session-access.ts';
import type { Clock } from '../../clock.ts';

/**
 * Gives sessions to a reviewer, or takes them back, all or none. It only says who is to look: whoever may review a
 * session still may, under their own name.
 * @returns the number of sessions whose reviewer changed
 * @throws ProtocolError `not_found` or `forbidden` for a session that `who` does not manage; `not_found` also for a
 *   person who may not review one of them
 */
export function giveForReview(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  who: Viewer,
  { sessions, reviewer }: { readonly sessions: readonly string[]; readonly reviewer: string | null },
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    for (const id of sessions) await managedSession(tx, id, who, 'review');
    // None may be their own.
    if (reviewer !== null) await checkGivenTo(tx, reviewer, { sessions, use: 'review' }, mayNotReview);
    const at = new Date(clock());
    const changed = await assignReviewer(tx, sessions, { reviewer, by: who.userId, at });
    for (const { session_id, before } of changed)
      await appendAudit(tx, {
        type: 'REVIEW_ASSIGNED',
        entityId: session_id,
        actor: who.userId,
        at,
        payload: { reviewer, before },
      });
    return changed.length;
  });
}

const mayNotReview = (ref: string) =>
  new ProtocolError('not_found', 'no person with this id may review the session', { ref });
