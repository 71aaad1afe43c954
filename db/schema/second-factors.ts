import type { ColumnType } from 'kysely';

/** What a user has to show beside the password. */
export interface SecondFactorsTable {
  id: string;
  user_id: string;
  kind: 'totp' | 'passkey';
  /** The user's word for it. */
  name: string;
  created_at: Date;
  /** Null: it was offered, and no code of it was shown yet; it counts for nothing. */
  confirmed_at: Date | null;
  last_used_at: Date | null;
  /** Of a TOTP factor the secret, encrypted; of a passkey its public key (COSE). */
  secret: Uint8Array;
  /**
   * Time step of the last code that was taken, or the passkey's signature counter. A bigint: the drivers read it as
   * text.
   */
  counter: ColumnType<string | number | bigint, number, number>;
  /** Base64url; null of TOTP, like `rp_id`. */
  credential_id: string | null;
  /** Host name that the passkey was made for. */
  rp_id: string | null;
  /** How the browser reaches the passkey. */
  transports: ColumnType<string[], string, never>;
}

/** Of one that was used there is no row any more. */
export interface RecoveryCodesTable {
  /** SHA-256: a code has 120 random bits. */
  code_hash: Uint8Array;
  user_id: string;
}

/** One a user: a new link makes the one before it worthless. */
export interface PasswordResetsTable {
  /** SHA-256 of the link's token. */
  token_hash: Uint8Array;
  user_id: string;
  /** The admin; null: made by the command. */
  made_by: string | null;
  expires_at: Date;
  /** Using it removes the user's second factors. */
  remove_factors: boolean;
}
