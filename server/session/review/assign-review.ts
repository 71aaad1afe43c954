import { appendAudit } from '../../../db/audit/append.ts';
import type { Db, Tx } from '../../../db/executor.ts';
import { assignReviewer } from '../../../db/review-work.ts';
import { findPlacedSession } from '../../../db/sessions.ts';
import { lockUsers } from '../../../db/users.ts';
import type { Viewer } from '../../../db/visibility.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { manages } from '../../access/exam-access.ts';
import { noSession } from '../../access/refused.ts';
import { staffSession } from '../../access/session-access.ts';
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
    for (const id of sessions) {
      await staffSession(tx, id, who, 'review');
      const placed = await findPlacedSession(tx, id);
      if (!placed || !manages(who, placed)) throw noSession({ id });
    }
    if (reviewer !== null) await checkReviewer(tx, reviewer, sessions);
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

/** The person must be able to review each of the sessions, and none may be their own. */
async function checkReviewer(tx: Tx, reviewer: string, sessions: readonly string[]): Promise<void> {
  const [user] = await lockUsers(tx, [reviewer], 'share');
  const refused = (ref: string) =>
    new ProtocolError('not_found', 'no person with this id may review the session', { ref });
  if (!user || user.disabled_at !== null) throw refused(reviewer);
  const viewer: Viewer = { userId: user.id, role: user.role, organisationId: user.organisation_id };
  for (const id of sessions) {
    try {
      await staffSession(tx, id, viewer, 'review');
    } catch (error) {
      if (error instanceof ProtocolError) throw refused(id);
      throw error;
    }
  }
}
