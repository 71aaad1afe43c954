/** One person's verdict on an ended session. The newest counts. */
export interface VerdictsTable {
  id: string;
  session_id: string;
  verdict: 'no_concern' | 'concern' | 'violation';
  reason: string;
  /** Salt of the audit log's digest of the reason. */
  reason_salt: Uint8Array;
  by: string;
  created_at: Date;
}
