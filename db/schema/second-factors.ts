import type { ColumnType, Generated } from 'kysely';

/** Second factors of users. */
export interface SecondFactorsTable {
  id: string;
  user_id: string;
  kind: 'totp' | 'passkey';
  /** Name given by the user. */
  name: string;
  created_at: Date;
  /** Null: not confirmed by a code yet, so not effective. */
  confirmed_at: Date | null;
  last_used_at: Date | null;
  /** TOTP: the encrypted secret; passkey: its public key (COSE). */
  secret: Uint8Array;
  /** TOTP: time step of the last accepted code; passkey: signature counter. A bigint: the drivers read it as text. */
  counter: ColumnType<string | number | bigint, number, number>;
  /** Base64url; null for TOTP, like `rp_id`. */
  credential_id: string | null;
  /** Host name of the passkey. */
  rp_id: string | null;
  /** Transports of the passkey. */
  transports: ColumnType<string[], string, never>;
}

/** Rows of used codes are deleted. */
export interface RecoveryCodesTable {
  /** SHA-256: a code has 120 random bits. */
  code_hash: Uint8Array;
  user_id: string;
}

/** One per user: a new link replaces the earlier one. */
export interface PasswordResetsTable {
  /** SHA-256 of the link's token. */
  token_hash: Uint8Array;
  user_id: string;
  /** The admin; null: created by the command. */
  made_by: string | null;
  expires_at: Date;
  /** Using it removes the user's second factors. */
  remove_factors: boolean;
  kind: Generated<'reset' | 'invitation'>;
  created_at: Generated<Date>;
  /** Mail with the link; `off`: none was to be sent. */
  mail: Generated<'off' | 'queued' | 'sent' | 'failed'>;
  mail_error: Generated<string | null>;
}
