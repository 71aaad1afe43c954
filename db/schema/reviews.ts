import type { Review } from '../../protocol/http/reviews.ts';

/** One person's review of an event. The newest of an event counts. */
export interface ReviewsTable {
  id: string;
  event_id: string;
  session_id: string;
  decision: Review['decision'];
  reason: string;
  /** Salt of the audit log's digest of the reason. */
  reason_salt: Uint8Array;
  by: string;
  created_at: Date;
  /** Act that the review is part of: a group decision or an undo. Null: an act by itself. */
  act_id: string | null;
  /** Act that this one undoes. */
  undoes: string | null;
}
