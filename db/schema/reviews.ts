import type { Review } from '../../protocol/http/reviews.ts';

/** One person's decision about one event. The newest of an event counts. */
export interface ReviewsTable {
  id: string;
  event_id: string;
  session_id: string;
  decision: Review['decision'];
  reason: string;
  /** Of the digest by which the audit log commits to the reason. */
  reason_salt: Uint8Array;
  by: string;
  created_at: Date;
}
