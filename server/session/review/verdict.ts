import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import type { Db } from '../../../db/executor.ts';
import { insertVerdict } from '../../../db/verdicts.ts';
import type { Verdict } from '../../../protocol/http/reviews.ts';
import type { Clock } from '../../clock.ts';
import { verdictView } from './decision-views.ts';
import { commitTo } from '../record/review-records.ts';
import { lockEndedSession } from './ended-session.ts';

/**
 * Records a named person's judgement of a session that is over, with their reason. Nothing else makes one.
 * @throws ProtocolError `not_found` or `session_running`
 */
export async function giveVerdict(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  by: { readonly userId: string; readonly name: string },
  sessionId: string,
  { verdict, reason }: Pick<Verdict, 'verdict' | 'reason'>,
): Promise<Verdict> {
  const { salt, digest } = commitTo(reason);
  const row = await db.transaction().execute(async (tx) => {
    const { id: session_id } = await lockEndedSession(tx, sessionId);
    const given = {
      id: uuidv7(),
      session_id,
      verdict,
      reason,
      reason_salt: salt,
      by: by.userId,
      created_at: new Date(clock()),
    };
    await insertVerdict(tx, given);
    await appendAudit(tx, {
      type: 'VERDICT_GIVEN',
      entityId: session_id,
      actor: by.userId,
      at: given.created_at,
      payload: { verdictId: given.id, verdict, reasonDigest: digest },
    });
    return given;
  });
  return verdictView({ ...row, by_name: by.name });
}
