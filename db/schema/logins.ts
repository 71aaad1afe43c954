/** One row a login. Its refresh tokens are made of `salt` and `generation`, so that none of them is stored. */
export interface LoginsTable {
  id: string;
  user_id: string;
  created_at: Date;
  /** Of its last renewal. */
  last_used_at: Date;
  /** It is over when it was not renewed until then. */
  idle_until: Date;
  /** It is over then, however much it is used. */
  expires_at: Date;
  /** By logging out, by a token that was used twice, or by somebody who may. */
  ended_at: Date | null;
  /** What it was made with, in short: `Firefox on Linux`. */
  device: string;
  /** Of the device cookie of the browser that made it; null: it sent and got none. */
  device_key: Uint8Array | null;
  /** When a second factor was last proven in this login. */
  second_factor_at: Date | null;
  /** The password was right, and the second factor is still to come: good for nothing else. */
  mfa_pending: boolean;
  salt: Uint8Array;
  /** Of the newest refresh token. */
  generation: number;
  /** When that one was first given out. */
  rotated_at: Date;
}

/** Refresh tokens from before logins had rows. */
export interface EarlierRefreshTokensTable {
  /** SHA-256. */
  token_hash: Uint8Array;
  login_id: string;
  /** 0: the newest; -2: one before it. */
  generation: number;
}
