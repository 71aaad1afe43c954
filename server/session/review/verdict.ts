import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../../db/executor.ts';
import { insertVerdict } from '../../../db/verdicts.ts';
import type { Verdict } from '../../../protocol/http/reviews.ts';
import { commitTo } from '../record/review-records.ts';
import { verdictView } from './decision-views.ts';
import { type ActResult, actOnVerdict, refuseOpenAppeal, type VerdictActParts } from './verdict-act.ts';

interface GivenVerdict {
  readonly id: string;
  readonly session_id: string;
  readonly verdict: Verdict['verdict'];
  readonly reason: string;
  readonly by: string;
  readonly created_at: Date;
}

/** Stores a verdict. @returns also its audit entry */
export async function storeVerdict(
  tx: Tx,
  { session, by, at }: { readonly session: string; readonly by: string; readonly at: Date },
  { verdict, reason }: Pick<Verdict, 'verdict' | 'reason'>,
): Promise<ActResult<GivenVerdict>> {
  const { salt, digest } = commitTo(reason);
  const value = { id: uuidv7(), session_id: session, verdict, reason, by, created_at: at };
  await insertVerdict(tx, { ...value, reason_salt: salt });
  const payload = { verdictId: value.id, verdict, reasonDigest: digest };
  return { value, audit: [{ type: 'VERDICT_GIVEN', actor: by, payload }] };
}

/**
 * Records a named person's judgement of a session that is over, with their reason. Nothing else makes one. Its student
 * sees it when it is released.
 * @throws ProtocolError `not_found`, `session_running` or `appeal_open`
 */
export async function giveVerdict(
  parts: VerdictActParts,
  by: { readonly userId: string; readonly name: string },
  sessionId: string,
  given: Pick<Verdict, 'verdict' | 'reason'>,
): Promise<Verdict> {
  const row = await actOnVerdict(parts, sessionId, (tx, scene) => {
    refuseOpenAppeal(scene);
    return storeVerdict(tx, { session: sessionId, by: by.userId, at: scene.at }, given);
  });
  return verdictView({ ...row, by_name: by.name });
}
