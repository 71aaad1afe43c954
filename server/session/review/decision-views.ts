import type { RescoreRow } from '../../../db/rescores.ts';
import type { ReviewRow } from '../../../db/reviews.ts';
import type { VerdictRow } from '../../../db/verdicts.ts';
import type { Rescore, Review, Verdict } from '../../../protocol/http/reviews.ts';
import type { ReviewDecision } from '../record/review-records.ts';

/** Decisions of people, as the HTTP API answers them. */

/** In lists the address distinguishes people of one name; the response to a decision needs none. */
const person = (row: { by: string; by_name: string; by_email?: string }) => ({
  id: row.by,
  name: row.by_name,
  ...(row.by_email !== undefined && { email: row.by_email }),
});

type Named<Row extends { by_email: string }> = Omit<Row, 'by_email'> & { by_email?: string };

export const reviewView = (row: Named<Omit<ReviewRow, 'reason_salt'>>): Review => ({
  id: row.id,
  eventId: row.event_id,
  sessionId: row.session_id,
  decision: row.decision,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
  act: row.act_id ?? row.id,
  undoes: row.undoes,
});

/** A decision that was just made, by the person who made it. */
export const decisionView = (
  { id, eventId, decision, reason, at, act, undoes }: ReviewDecision,
  session: string,
  by: { readonly userId: string; readonly name: string },
): Review =>
  reviewView({
    id,
    event_id: eventId,
    session_id: session,
    decision,
    reason,
    by: by.userId,
    by_name: by.name,
    created_at: at,
    act_id: act ?? null,
    undoes: undoes ?? null,
  });

export const verdictView = (row: Named<Omit<VerdictRow, 'reason_salt'>>): Verdict => ({
  id: row.id,
  sessionId: row.session_id,
  verdict: row.verdict,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
});

export const rescoreView = (row: Named<RescoreRow>): Rescore => ({
  id: row.id,
  sessionId: row.session_id,
  policyVersion: row.policy_version,
  riskScore: row.risk_score,
  riskLevel: row.risk_level,
  reviewedScore: row.reviewed_score,
  reviewedLevel: row.reviewed_level,
  attention: row.attention,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
});
