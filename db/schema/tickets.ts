export interface TicketsTable {
  /** SHA-256 of the ticket. */
  hash: Uint8Array;
  user_id: string;
  purpose: 'exam' | 'console';
  session_id: string | null;
  /** Refresh family of the login that asked for it: logout closes what it opened. */
  login_id: string;
  /** Expiry of the access token that asked for it: the socket lives no longer. */
  auth_expires_at: Date;
  expires_at: Date;
}
