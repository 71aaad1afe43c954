import { uuidv7 } from 'uuidv7';
import { appendAudit } from '../../../db/audit/append.ts';
import { listEvents } from '../../../db/events.ts';
import { findPolicy } from '../../../db/exam-policies.ts';
import type { Db } from '../../../db/executor.ts';
import { insertRescore } from '../../../db/rescores.ts';
import type { NamedSessionRow } from '../../../db/sessions.ts';
import type { Attention } from '../../../protocol/attention.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Rescore } from '../../../protocol/http/reviews.ts';
import type { Policy } from '../../../protocol/policy.ts';
import type { Clock } from '../../clock.ts';
import { accommodatedPolicy } from '../rules/accommodations.ts';
import { rescoreView } from './decision-views.ts';
import { attendAll } from '../rules/attention.ts';
import { attendedEvent } from '../rules/attended.ts';
import { scoreAgain, UNSCORED, wouldOpen } from '../rules/rescore.ts';
import { levelOf } from '../rules/risk.ts';
import { findEndedSession, lockEndedSession } from './ended-session.ts';

const PAGE = 200;

async function scoreUnder(
  db: Db,
  row: NamedSessionRow,
  other: Policy,
): Promise<{ riskScore: number; reviewedScore: number; attention: Attention }> {
  let state = UNSCORED;
  const attended: Parameters<typeof attendAll>[1][number][] = [];
  const policies = { recorded: row.policy, other };
  let afterSeq = 0;
  for (;;) {
    const events = await listEvents(db, { session: row.id, afterSeq, limit: PAGE });
    for (const event of events) {
      state = scoreAgain(policies, state, event);
      if (wouldOpen(policies, event)) attended.push(attendedEvent(event));
    }
    if (events.length < PAGE) break;
    afterSeq = events.at(-1)?.seq ?? afterSeq;
  }
  const { riskScore, reviewedScore } = state;
  // As the database rounds a session's own reviewed score.
  return {
    riskScore,
    reviewedScore: Math.round(reviewedScore * 1e9) / 1e9,
    attention: attendAll(other, attended).peak,
  };
}

/**
 * Scores a session that is over under another version of its exam's policy, with the student's accommodations. What was
 * recorded, and earlier results, stay.
 * @throws ProtocolError `not_found`, `session_running` or `unknown_policy_version`
 */
export async function rescoreSession(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  by: { readonly userId: string; readonly name: string },
  sessionId: string,
  { policyVersion, reason = null }: { readonly policyVersion: number; readonly reason?: string | null | undefined },
): Promise<Rescore> {
  const row = await findEndedSession(db, sessionId);
  const version = await findPolicy(db, row.exam_id, policyVersion);
  if (!version)
    throw new ProtocolError('unknown_policy_version', `the exam's policy has no version ${policyVersion}`, {
      ref: policyVersion,
    });
  const other = row.accommodations ? accommodatedPolicy(version, row.accommodations) : version;
  const { riskScore, reviewedScore, attention } = await scoreUnder(db, row, other);
  const computed = {
    session_id: row.id,
    policy_version: policyVersion,
    risk_score: riskScore,
    risk_level: levelOf(other, riskScore),
    reviewed_score: reviewedScore,
    reviewed_level: levelOf(other, reviewedScore),
    attention,
    reason,
    by: by.userId,
  };
  const rescore = await db.transaction().execute(async (tx) => {
    await lockEndedSession(tx, row.id);
    const stored = { id: uuidv7(), ...computed, created_at: new Date(clock()) };
    await insertRescore(tx, { ...stored, attention: JSON.stringify(attention) });
    await appendAudit(tx, {
      type: 'SESSION_RESCORED',
      entityId: row.id,
      actor: by.userId,
      at: stored.created_at,
      payload: { rescoreId: stored.id, policyVersion, riskScore, riskLevel: stored.risk_level, reviewedScore },
    });
    return stored;
  });
  return rescoreView({ ...rescore, by_name: by.name });
}
