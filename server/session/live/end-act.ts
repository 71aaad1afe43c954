import { uuidv7 } from 'uuidv7';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import type { SessionTotals } from '../../../db/sessions.ts';

/**
 * The end of a session, for the audit log. `totals`: those that it ends with. `by`: who ended it; null: the server
 * itself, which can be later than the end. `at`: time of the act.
 */
export function actOfEnd(totals: SessionTotals, by: string | null, at: Date): NewAuditEntry & { id: string } {
  const endedAt = totals.ended_at!;
  return {
    id: uuidv7(),
    type: 'SESSION_ENDED',
    entityId: totals.id,
    actor: by,
    at,
    payload: {
      reason: totals.end_reason,
      riskScore: totals.risk_score,
      riskLevel: totals.risk_level,
      events: totals.last_seq,
      ...(endedAt.getTime() !== at.getTime() && { endedAt: endedAt.toISOString() }),
    },
  };
}
