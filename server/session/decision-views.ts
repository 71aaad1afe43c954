import type { RescoreRow } from '../../db/rescores.ts';
import type { ReviewRow } from '../../db/reviews.ts';
import type { VerdictRow } from '../../db/verdicts.ts';
import type { Rescore, Review, Verdict } from '../../protocol/http/reviews.ts';

/** What people decided, as the HTTP API answers it. */

const person = (row: { by: string; by_name: string }) => ({ id: row.by, name: row.by_name });

export const reviewView = (row: Omit<ReviewRow, 'reason_salt'>): Review => ({
  id: row.id,
  eventId: row.event_id,
  sessionId: row.session_id,
  decision: row.decision,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
});

export const verdictView = (row: Omit<VerdictRow, 'reason_salt'>): Verdict => ({
  id: row.id,
  sessionId: row.session_id,
  verdict: row.verdict,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
});

export const rescoreView = (row: RescoreRow): Rescore => ({
  id: row.id,
  sessionId: row.session_id,
  policyVersion: row.policy_version,
  riskScore: row.risk_score,
  riskLevel: row.risk_level,
  reviewedScore: row.reviewed_score,
  reviewedLevel: row.reviewed_level,
  reason: row.reason,
  by: person(row),
  at: row.created_at.toISOString(),
});
