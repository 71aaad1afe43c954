import { type Kysely, sql } from 'kysely';

/** Second factors, recovery codes and password reset links. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE second_factors (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_used_at timestamptz,
    secret bytea NOT NULL,
    counter bigint NOT NULL DEFAULT 0,
    credential_id text UNIQUE,
    rp_id text,
    transports jsonb NOT NULL DEFAULT '[]',
    CHECK ((kind = 'passkey') = (credential_id IS NOT NULL AND rp_id IS NOT NULL))
  )`.execute(db);
  await sql`CREATE INDEX second_factors_user ON second_factors (user_id)`.execute(db);

  await sql`CREATE TABLE recovery_codes (
    code_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE
  )`.execute(db);
  await sql`CREATE INDEX recovery_codes_user ON recovery_codes (user_id)`.execute(db);

  await sql`CREATE TABLE password_resets (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
    made_by uuid REFERENCES users,
    expires_at timestamptz NOT NULL,
    remove_factors boolean NOT NULL
  )`.execute(db);
}
