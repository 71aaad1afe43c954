/** One person's judgement of a session that is over. The newest counts. */
export interface VerdictsTable {
  id: string;
  session_id: string;
  verdict: 'no_concern' | 'concern' | 'violation';
  reason: string;
  /** Of the digest by which the audit log commits to the reason. */
  reason_salt: Uint8Array;
  by: string;
  created_at: Date;
}
