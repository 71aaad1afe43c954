import { randomBytes } from 'node:crypto';
import type { NewAuditEntry } from '../../../db/audit/append.ts';
import { saltedDigest } from '../../../db/audit/hash.ts';
import type { ReviewWrite } from '../../../db/reviews.ts';
import type { Review } from '../../../protocol/http/reviews.ts';

/** A person's decision about an event, with its reason. */
export interface ReviewDecision {
  readonly id: string;
  readonly eventId: string;
  readonly decision: Review['decision'];
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** Act that it is part of, if it is not one by itself, and the act that this undoes. */
  readonly act?: string | undefined;
  readonly undoes?: string | undefined;
}

/** A salt, and the digest by which the audit log commits to a reason: the text itself stays off the log. */
export function commitTo(reason: string): { salt: Buffer; digest: string } {
  const salt = randomBytes(32);
  return { salt, digest: saltedDigest('reason', salt, reason).toString('base64url') };
}

/** The row of a decision, and its act for the audit log. */
export function recordsOf(
  decision: ReviewDecision,
  sessionId: string,
): { review: ReviewWrite; act: NewAuditEntry & { id: string } } {
  const { id, eventId, reason, by, at, act: actId = null, undoes = null } = decision;
  const { salt, digest } = commitTo(reason);
  return {
    review: {
      id,
      event_id: eventId,
      session_id: sessionId,
      decision: decision.decision,
      reason,
      reason_salt: salt,
      by,
      created_at: at,
      act_id: actId,
      undoes,
    },
    act: {
      id,
      type: 'EVENT_REVIEWED',
      entityId: sessionId,
      actor: by,
      at,
      payload: {
        reviewId: id,
        eventId,
        decision: decision.decision,
        reasonDigest: digest,
        ...(actId !== null && { actId }),
        ...(undoes !== null && { undoes }),
      },
    },
  };
}
