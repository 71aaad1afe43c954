/** One row per login. Its refresh tokens are derived from `salt` and `generation`, so none is stored. */
export interface LoginsTable {
  id: string;
  user_id: string;
  created_at: Date;
  /** Time of the last renewal. */
  last_used_at: Date;
  /** Ends then unless renewed. */
  idle_until: Date;
  /** Ends then in any case. */
  expires_at: Date;
  /** Ended by logout, reuse of a token, or an authorised person. */
  ended_at: Date | null;
  /** Short description of the device: `Firefox on Linux`. */
  device: string;
  /** Key of the device cookie of its browser; null: none. */
  device_key: Uint8Array | null;
  /** When a second factor was last verified in this login. */
  second_factor_at: Date | null;
  /** The password was correct and the second factor is pending; grants nothing else. */
  mfa_pending: boolean;
  salt: Uint8Array;
  /** Generation of the newest refresh token. */
  generation: number;
  /** When that token was first issued. */
  rotated_at: Date;
}

/** Refresh tokens issued before logins had rows. */
export interface EarlierRefreshTokensTable {
  /** SHA-256. */
  token_hash: Uint8Array;
  login_id: string;
  /** 0: the newest; -2: one before it. */
  generation: number;
}
