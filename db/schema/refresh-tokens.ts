/** One row a refresh token. A login begins a family; each rotation adds a child. */
export interface RefreshTokensTable {
  id: string;
  family_id: string;
  user_id: string;
  parent_id: string | null;
  /** SHA-256 of the token; the token itself is never stored. */
  token_hash: Uint8Array;
  issued_at: Date;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
}
